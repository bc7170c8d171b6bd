package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.TcpOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A local port that only the privileged may have, for option {@code lowport}. */
final class LowPort {
  private static final int FIRST = 640;
  private static final int LAST = 1023;

  private LowPort() {}

  /** Whether the option decides about the port of a socket that is to be bound there. */
  static boolean isAskedFor(Options options, @Nullable SocketAddressBytes local) {
    return options.isOn(TcpOptions.LOWPORT) && (local == null || local.port() == 0);
  }

  /** Binds to a free one of that host, from a random one downwards. */
  static void bind(Fd fd, SocketAddressBytes local, RelayLog log) {
    int count = LAST - FIRST + 1;
    int start = ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      int port = FIRST + Math.floorMod(start - i, count);
      try {
        SocketCalls.bind(fd.number(), SocketAddressBytes.of(local.host(), port));
        return;
      } catch (NativeError e) {
        if (e.errno() != Errno.EADDRINUSE) {
          throw e;
        }
        log.info("%s", e.getMessage());
      }
    }
    throw OpenFailure.retryable("no low port available");
  }
}
