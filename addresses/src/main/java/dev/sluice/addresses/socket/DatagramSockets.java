package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import dev.sluice.option.TcpOptions;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Datagram sockets that speak to one address: connected ones, and those that name it with each
 * datagram.
 */
public final class DatagramSockets {
  private final OpenContext context;
  private final Options options;
  private final int type;
  private final int protocol;
  private final LocalBinding binding;

  /**
   * For IP sockets of that kind.
   *
   * @param type {@code SOCK_DGRAM} or {@code SOCK_RAW}
   * @param protocol number
   */
  public DatagramSockets(OpenContext context, int type, int protocol) {
    this.context = context;
    this.options = context.options();
    this.type = type;
    this.protocol = protocol;
    this.binding = this::bindInternet;
  }

  /** For sockets of any family, which are bound in their own way. */
  DatagramSockets(OpenContext context, int type, int protocol, LocalBinding binding) {
    this.context = context;
    this.options = context.options();
    this.type = type;
    this.protocol = protocol;
    this.binding = binding;
  }

  /**
   * A socket connected to the address: the kernel drops what others send. Half-close sends an empty
   * datagram.
   */
  public CompletionStage<Endpoint> connected(String host, String port, int family) {
    return connected("", host, port, family);
  }

  /**
   * As the shorter form.
   *
   * @param role what log lines call the peer, with a space after it
   */
  public CompletionStage<Endpoint> connected(String role, String host, String port, int family) {
    return context.blocking(
        () -> {
          String target = host + ":" + port;
          context.log().notice("opening connection to %s%s", role, target);
          SocketAddressBytes remote = target(host, port, family);
          context.log().notice("opening connection to %s", remote);
          Fd fd = prepared(remote, Phase.CONNECT);
          try {
            int result = SocketCalls.connect(fd.number(), remote);
            LibC.check(result, ConnectWatch.call(fd, remote));
            SocketMaker.apply(fd, options, context.log(), Phase.CONNECTED, Phase.LATE);
            context
                .log()
                .notice(
                    "successfully connected from local address %s",
                    SocketCalls.getsockname(fd.number()));
            if (role.isEmpty()) {
              context.log().notice("successfully connected to %s", target);
            }
          } catch (RuntimeException e) {
            ErrorQueue.tell(fd, context.log());
            fd.close();
            throw asOpenFailure(e);
          }
          return connectedEndpoint(fd, context.direction());
        });
  }

  private RuntimeException asOpenFailure(RuntimeException e) {
    if (e instanceof NativeError error) {
      context.log().warning(error.getMessage());
      return OpenFailure.retryable(context.address().spec().head() + ": " + error.reason());
    }
    return e;
  }

  /** The endpoint over a connected datagram socket. */
  static Endpoint connectedEndpoint(Fd fd, Direction direction) {
    return Endpoint.of(new ConnectedReader(fd), new ConnectedWriter(fd), direction)
        .socket()
        .pollableAlready()
        .boundary(Boundary.DATAGRAM)
        .halfClose(HalfClose.EMPTY_DATAGRAM);
  }

  /** Reads with read(2); what is empty ends the data. */
  private record ConnectedReader(Fd fd) implements FdReader {
    @Override
    public int read(long buffer, int length) {
      return LibC.read(fd.number(), buffer, length);
    }

    @Override
    public boolean canBatch() {
      return true;
    }
  }

  /** Writes with send(2), which takes empty datagrams too. */
  private record ConnectedWriter(Fd fd) implements FdWriter {
    @Override
    public int write(long buffer, int length) {
      return SocketCalls.send(fd.number(), buffer, length);
    }

    @Override
    public boolean canBatch() {
      return true;
    }
  }

  /**
   * A socket that sends to the address, and hears only from it.
   *
   * @param port null where the protocol has none
   */
  public CompletionStage<Endpoint> sendingTo(String host, @Nullable String port, int family) {
    return context.blocking(() -> sendingTo(target(host, port, family)));
  }

  /** As the longer form. Blocks no longer than system calls do. */
  Endpoint sendingTo(SocketAddressBytes remote) {
    return unconnected(remote, sender -> isSame(sender, remote), false).pollableAlready();
  }

  private static boolean isSame(SocketAddressBytes sender, SocketAddressBytes remote) {
    boolean hostsAlone = remote.isInternet() && remote.port() == 0;
    return hostsAlone ? sender.hostText().equals(remote.hostText()) : remote.beginsWith(sender);
  }

  /**
   * A socket that sends to the address, and hears from anybody whom options range and sourceport
   * let in.
   *
   * @param port null where the protocol has none
   */
  public CompletionStage<Endpoint> datagrams(String host, @Nullable String port, int family) {
    return context.blocking(
        () -> {
          SocketAddressBytes remote = target(host, port, family);
          return datagrams(remote, PeerFilter.ofNetwork(context, remote.family()));
        });
  }

  /** As the longer form. Blocks no longer than system calls do. */
  Endpoint datagrams(SocketAddressBytes remote, PeerFilter filter) {
    boolean checkPort = options.has(TcpOptions.SOURCEPORT);
    return filter.pollableUnlessItBlocks(
        unconnected(
            remote,
            sender ->
                (!checkPort || filter.permitsPort(sender, remote.port()))
                    && filter.permits(sender, remote),
            true));
  }

  private SocketAddressBytes target(String host, @Nullable String port, int family) {
    int asked = HostPort.family(options, family);
    return HostPort.resolveRemote(context, host, port, asked, type, protocol).get(0);
  }

  private Endpoint unconnected(
      SocketAddressBytes remote, Predicate<SocketAddressBytes> permitted, boolean ancillary) {
    Fd fd = prepared(remote, Phase.CONNECTED);
    context
        .log()
        .notice("successfully prepared local socket %s", SocketCalls.getsockname(fd.number()));
    boolean strip = type == SocketCalls.SOCK_RAW && remote.family() == SocketAddressBytes.AF_INET;
    DatagramReader reader =
        new DatagramReader(
            fd,
            permitted,
            options.isOn(DataTransferOptions.NULL_EOF),
            strip,
            ancillary,
            context.log());
    DatagramWriter writer = new DatagramWriter(fd, remote, context.log());
    return Endpoint.of(reader, writer, context.direction())
        .socket()
        .boundary(Boundary.DATAGRAM)
        .onClose(binding::undo);
  }

  /**
   * A socket that was bound if options ask for it, with the options of all phases up to {@code
   * last}.
   */
  private Fd prepared(SocketAddressBytes remote, Phase last) {
    Fd fd = SocketMaker.make(remote.family(), type, protocol, options, context.log());
    try {
      SocketMaker.apply(fd, options, context.log(), Phase.FD, Phase.PREBIND, Phase.BIND);
      binding.bind(fd, remote);
      SocketMaker.apply(fd, options, context.log(), Phase.PASTBIND, last);
      if (last == Phase.CONNECTED) {
        SocketMaker.apply(fd, options, context.log(), Phase.LATE);
      }
      return fd;
    } catch (RuntimeException e) {
      fd.close();
      binding.undo();
      throw e;
    }
  }

  private void bindInternet(Fd fd, SocketAddressBytes remote) {
    SocketAddressBytes local = localAddress(remote);
    if (LowPort.isAskedFor(options, local)) {
      LowPort.bind(
          fd,
          local == null ? SocketAddressBytes.wildcard(remote.family(), 0) : local,
          context.log());
    } else if (local != null) {
      SocketCalls.bind(fd.number(), local);
    }
  }

  private @Nullable SocketAddressBytes localAddress(SocketAddressBytes remote) {
    String bind = options.find(SocketOptions.BIND).orElse(null);
    boolean isDatagramAddress =
        context.address().type().descriptor().keyword().contains("DATAGRAM");
    Integer sourcePort =
        isDatagramAddress ? null : options.find(TcpOptions.SOURCEPORT).orElse(null);
    if (bind != null) {
      String[] parts = HostPort.split(bind);
      if (type == SocketCalls.SOCK_RAW) {
        HostPort.refusePort(parts);
        return HostPort.resolveLocal(context, bind, null, remote.family(), type, protocol);
      }
      String port = HostPort.bindPort(bind, sourcePort == null ? 0 : sourcePort);
      return HostPort.resolveLocal(
          context, parts[0].isEmpty() ? null : parts[0], port, remote.family(), type, protocol);
    }
    if (sourcePort != null) {
      return SocketAddressBytes.wildcard(remote.family(), sourcePort);
    }
    return null;
  }
}
