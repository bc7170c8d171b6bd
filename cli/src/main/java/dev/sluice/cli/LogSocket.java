package dev.sluice.cli;

import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The datagram socket of a log daemon. It never waits. It connects with the first datagram, and
 * again when the daemon was started anew. Not thread-safe.
 */
final class LogSocket {
  /** What a write says when the daemon that we were connected to is gone. */
  private static final Set<Integer> DISCONNECTED =
      Set.of(Errno.ECONNREFUSED, Errno.ENOTCONN, Errno.ECONNRESET, Errno.EPIPE);

  private final String path;
  private @Nullable Fd socket;

  LogSocket(String path) {
    this.path = path;
  }

  /** Whether the daemon's socket has taken it. */
  boolean send(byte[] bytes) {
    boolean connected = socket != null;
    int result = attempt(bytes);
    if (connected && DISCONNECTED.contains(-result)) {
      result = attempt(bytes);
    }
    return result >= 0;
  }

  /** One attempt; bytes sent or {@code -errno}. */
  private int attempt(byte[] bytes) {
    try {
      Fd fd = connect();
      if (fd == null) {
        return -Errno.ENOTCONN;
      }
      int result = LibC.write(fd.number(), NativeBuffer.of(bytes), 0, bytes.length);
      if (DISCONNECTED.contains(-result)) {
        socket = null;
        fd.close();
      }
      return result;
    } catch (NativeError e) { // no socket to be had
      return -e.errno();
    }
  }

  private @Nullable Fd connect() {
    if (socket == null) {
      int type = SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_NONBLOCK;
      Fd fd = SocketCalls.socket(SocketAddressBytes.AF_UNIX, type, 0);
      if (SocketCalls.connect(fd.number(), SocketAddressBytes.ofUnix(path, false, true)) < 0) {
        fd.close();
        return null;
      }
      socket = fd;
    }
    return socket;
  }
}
