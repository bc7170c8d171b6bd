package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Makes sockets that options have been applied to, phase by phase. */
final class SocketMaker {
  /** Bytes of a burst of datagrams that finds room. */
  private static final int BURST = 4 << 20;

  private SocketMaker() {}

  /**
   * A non-blocking socket, with the options of the phases up to PASTSOCKET; options may replace
   * type and protocol.
   */
  static Fd make(int family, int type, int protocol, Options options, RelayLog log) {
    int realType = options.get(SocketOptions.SO_TYPE, type);
    int realProtocol = options.get(SocketOptions.SO_PROTOCOL, protocol);
    Fd fd = SocketCalls.socket(family, realType | SocketCalls.SOCK_NONBLOCK, realProtocol);
    try {
      apply(fd, options, log, Phase.PASTSOCKET);
      return fd;
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /**
   * Applies the options of several phases in turn; one that the kernel refuses is an error of its
   * own, whatever may become of other attempts or peers.
   */
  static void apply(Fd fd, Options options, RelayLog log, Phase... phases) {
    if (options.inOrder().isEmpty()) {
      return;
    }
    try {
      for (Phase phase : phases) {
        OptionApplier.apply(phase, fd, options, log);
      }
    } catch (NativeError e) {
      throw OpenFailure.lasting(e.getMessage());
    }
  }

  /**
   * Fails when there are options of phases that this kind of address never comes to, having named
   * each of them.
   */
  static void refuseUnused(Options options, RelayLog log, Phase... phases) {
    int count = 0;
    for (OptionValue<?> given : options.inOrder()) {
      if (List.of(phases).contains(given.option().phase())) {
        log.warning("showleft(): option \"" + given.option() + "\" not inquired");
        count++;
      }
    }
    if (count > 0) {
      throw OpenFailure.lasting("INTERNAL: " + count + " option(s) remained unused");
    }
  }

  /**
   * Makes room for datagrams that come faster than a JVM that has just started reads them, as far
   * as the system allows (net.core.rmem_max): nobody holds their senders back.
   */
  static void enlargeReceiveBuffer(Fd fd) {
    byte[] size = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(BURST).array();
    // SOL_SOCKET, SO_RCVBUF; where it is refused, the size stays as it is
    SocketCalls.setsockopt(fd.number(), 1, 8, size);
  }

  /** Lets others bind to the socket's address while connections of before linger: SO_REUSEADDR. */
  static void reuseAddress(Fd fd) {
    LibC.check(
        SocketCalls.setsockopt(fd.number(), 1, 2, new byte[] {1, 0, 0, 0}),
        "setsockopt(" + fd + ", 1, 2, {1}, 4)");
  }
}
