package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.log.RelayLog;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;

/**
 * Connects to a UNIX socket, by path or abstract name. Blocks as long as a full backlog makes it.
 * See unix(7).
 */
public final class UnixConnector {
  private static final int[] CLIENT_TYPES = {
    SocketCalls.SOCK_STREAM, SocketCalls.SOCK_SEQPACKET, SocketCalls.SOCK_DGRAM
  };

  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final boolean isAbstract;

  public UnixConnector(OpenContext context, boolean isAbstract) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.isAbstract = isAbstract;
  }

  /** Connects a stream socket, or one of the type that option {@code socktype} asks for. */
  public Endpoint connect(String name) {
    UnixBinding binding = new UnixBinding(context, isAbstract, true);
    SocketAddressBytes address = UnixNames.address(context, name, isAbstract);
    log.notice("opening connection to %s", address);
    int type = options.get(SocketOptions.SO_TYPE, SocketCalls.SOCK_STREAM);
    try {
      return endpoint(connect(address, type, binding), type, binding);
    } catch (NativeError e) {
      binding.undo();
      if (!context.lastAttempt()) {
        log.info("%s", e.getMessage());
      }
      throw OpenFailure.retryable(e.getMessage(), e.errno());
    }
  }

  /**
   * Connects a socket of whatever type the peer has: stream, then seqpacket; or sends it datagrams.
   */
  public Endpoint connectAnyType(String name) {
    UnixBinding binding = new UnixBinding(context, isAbstract, false);
    SocketAddressBytes address = UnixNames.address(context, name, isAbstract);
    int fixed = options.get(SocketOptions.SO_TYPE, 0);
    int[] types = fixed == 0 ? CLIENT_TYPES : new int[] {fixed};
    NativeError failure = null;
    for (int type : types) {
      try {
        return type == SocketCalls.SOCK_DGRAM
            ? new DatagramSockets(context, type, 0, binding).sendingTo(address)
            : endpoint(connect(address, type, binding), type, binding);
      } catch (NativeError e) {
        binding.undoAll();
        failure = e;
        boolean wrongType =
            e.errno() == Errno.EPROTOTYPE || (isAbstract && e.errno() == Errno.ECONNREFUSED);
        if (!wrongType) {
          break;
        }
      }
    }
    String reason = failure == null ? "no type" : failure.reason();
    throw OpenFailure.lasting(
        context.address().type().descriptor().keyword() + ": " + name + ": " + reason);
  }

  private Fd connect(SocketAddressBytes address, int type, UnixBinding binding) {
    Fd fd =
        SocketCalls.socket(
            SocketAddressBytes.AF_UNIX, type, options.get(SocketOptions.SO_PROTOCOL, 0));
    try {
      OptionApplier.apply(Phase.PASTSOCKET, fd, options, log);
      SocketMaker.apply(fd, options, log, Phase.FD, Phase.PREBIND, Phase.BIND);
      binding.bind(fd, address);
      SocketMaker.apply(fd, options, log, Phase.PASTBIND, Phase.CONNECT);
      int result = SocketCalls.connect(fd.number(), address);
      LibC.check(result, "connect(, " + address + ", " + address.length() + ")");
      return fd;
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  private Endpoint endpoint(Fd fd, int type, UnixBinding binding) {
    try {
      SocketMaker.apply(fd, options, log, Phase.CONNECTED, Phase.LATE);
    } catch (RuntimeException e) {
      fd.close();
      binding.undo();
      throw e;
    }
    log.notice(
        "successfully connected from local address %s", SocketCalls.getsockname(fd.number()));
    Endpoint endpoint =
        Endpoint.of(fd, context.direction())
            .socket()
            .pollable()
            .halfClose(type == SocketCalls.SOCK_DGRAM ? HalfClose.NONE : HalfClose.SHUTDOWN)
            .boundary(boundary(type));
    try {
      ProxyProtocol.introduce(context, endpoint);
    } catch (RuntimeException e) {
      endpoint.close();
      binding.undo();
      throw e;
    }
    return endpoint.onClose(binding::undo);
  }

  private static Boundary boundary(int type) {
    return switch (type) {
      case SocketCalls.SOCK_DGRAM -> Boundary.DATAGRAM;
      case SocketCalls.SOCK_SEQPACKET -> Boundary.SEQPACKET;
      default -> Boundary.STREAM;
    };
  }
}
