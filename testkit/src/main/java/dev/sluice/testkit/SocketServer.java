package dev.sluice.testkit;

import dev.sluice.os.Acceptor;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.ReadinessWait;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;

/** A listening stream socket in the test's hand. */
public final class SocketServer implements AutoCloseable {
  private final Fd socket;

  private SocketServer(Fd socket) {
    this.socket = socket;
  }

  /** Listens on an address; port 0 of it is any that is free. */
  public static SocketServer on(SocketAddressBytes address) {
    return on(address, SocketCalls.SOCK_STREAM);
  }

  /** As {@link #on(SocketAddressBytes)}, by a socket of that type, such as SOCK_SEQPACKET. */
  public static SocketServer on(SocketAddressBytes address, int type) {
    Fd socket = SocketCalls.socket(address.family(), type, 0);
    SocketCalls.bind(socket.number(), address);
    SocketCalls.listen(socket.number(), 5);
    return new SocketServer(socket);
  }

  /** A peer that connects to an address. */
  public static Peer connect(SocketAddressBytes address) {
    Fd socket = SocketCalls.socket(address.family(), SocketCalls.SOCK_STREAM, 0);
    LibC.check(SocketCalls.connect(socket.number(), address), "connect(" + address + ")");
    return new DescriptorPeer(socket);
  }

  /** Where it listens. */
  public SocketAddressBytes address() {
    return SocketCalls.getsockname(socket.number());
  }

  /** The peer that has connected; waits for it. */
  public Peer accept() {
    try (ReadinessWait wait = new ReadinessWait()) {
      if (wait.awaitInput(socket.number(), DescriptorPeer.PATIENCE_MILLIS)
          != ReadinessWait.Result.READY) {
        throw new AssertionError("nobody connects");
      }
    }
    int fd = new Acceptor().accept(socket.number());
    if (fd < 0) {
      throw new AssertionError("accept: " + Errno.text(-fd));
    }
    return new DescriptorPeer(Fd.owned(fd));
  }

  @Override
  public void close() {
    socket.close();
  }
}
