package dev.sluice.addresses.socket;

import static dev.sluice.os.SocketConstants.IPPROTO_TCP;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.ConnectionEnds;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.PolledListener;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.option.FdOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Acceptor;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.PollerTimer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.os.Undo;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listening stream socket. Accepts on its poller's thread, in a loop, while there is room for
 * sessions; peers that the filter refuses are closed at once, and their place goes to the next.
 */
public final class StreamListener extends PolledListener {
  private static final int DEFAULT_BACKLOG = 5;

  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final Fd socket;
  private final SocketAddressBytes local;
  private final boolean tcp;
  private final boolean hasPorts;
  private final PeerFilter filter;
  private final Runnable whenClosed;
  private final Boundary boundary;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  /** Of the poller's thread. */
  private long acceptCount;

  /** Of the poller's thread. */
  private @Nullable PollerTimer timeout;

  private StreamListener(
      OpenContext context, Fd socket, int protocol, PeerFilter filter, Runnable whenClosed) {
    super(context.poller(), socket);
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.socket = socket;
    this.local = SocketCalls.getsockname(socket.number());
    this.tcp = protocol == IPPROTO_TCP;
    this.hasPorts = PeerFacts.hasPorts(protocol);
    this.filter = filter;
    this.whenClosed = whenClosed;
    this.boundary =
        options.get(SocketOptions.SO_TYPE, SocketCalls.SOCK_STREAM) == SocketCalls.SOCK_SEQPACKET
            ? Boundary.SEQPACKET
            : Boundary.STREAM;
  }

  /**
   * Listens on a port; {@code family} 0 leaves the choice to option {@code pf} and the defaults.
   */
  public static CompletionStage<Listener> onPort(
      OpenContext context, String port, int family, int type, int protocol) {
    return context.blocking(
        () -> {
          Options options = context.options();
          int asked = HostPort.family(options, family);
          SocketAddressBytes address =
              HostPort.resolveLocal(
                  context,
                  options.find(SocketOptions.BIND).orElse(null),
                  port,
                  asked,
                  type,
                  protocol);
          return onAddress(context, address, type, protocol);
        });
  }

  /** Listens on an address of a protocol with ports. Blocks no longer than system calls do. */
  public static Listener onAddress(
      OpenContext context, SocketAddressBytes address, int type, int protocol) {
    PeerFilter filter = PeerFilter.of(context, address.family());
    return listen(context, address, type, protocol, filter);
  }

  /**
   * Listens under a UNIX name; an entry of the file system under that name is an error, unless it
   * is removed first.
   */
  public static CompletionStage<Listener> onUnixName(
      OpenContext context, String name, boolean isAbstract) {
    return context.blocking(
        () -> {
          UnixNames.refuseBind(context);
          ProxyProtocol.requireStream(context, SocketCalls.SOCK_STREAM);
          UnixEntry entry = new UnixEntry(context, name, isAbstract, true);
          entry.prepareNew();
          return listen(
              context,
              entry.address(),
              SocketCalls.SOCK_STREAM,
              0,
              PeerFilter.of(context, SocketAddressBytes.AF_UNIX),
              entry::bind,
              entry::remove);
        });
  }

  /**
   * Takes connections off a socket that listens already, of which nothing but that is known. Others
   * may share it, so it blocks again at the end if it did before.
   */
  public static Listener onDescriptor(OpenContext context, Fd listening) {
    int family = SocketCalls.getsockname(listening.number()).family();
    PeerFilter filter = PeerFilter.of(context, family);
    Undo blocking = listening.makeNonBlocking();
    return new StreamListener(context, listening, 0, filter, blocking);
  }

  /** Listens on an address that leaves no name behind. Blocks no longer than system calls do. */
  static Listener listen(
      OpenContext context, SocketAddressBytes address, int type, int protocol, PeerFilter filter) {
    return listen(
        context,
        address,
        type,
        protocol,
        filter,
        fd -> SocketCalls.bind(fd.number(), address),
        () -> {});
  }

  /**
   * Listens on an address. Blocks no longer than system calls do.
   *
   * @param filter which peers are served
   * @param binder binds the socket
   * @param whenClosed runs after the socket was closed
   */
  static Listener listen(
      OpenContext context,
      SocketAddressBytes address,
      int type,
      int protocol,
      PeerFilter filter,
      Consumer<Fd> binder,
      Runnable whenClosed) {
    ProxyProtocol.requireStream(context, type);
    Options options = context.options();
    RelayLog log = context.log();
    Fd fd = null;
    try {
      fd = SocketMaker.make(address.family(), type, protocol, options, log);
      reuseAddress(fd, options, protocol, log);
      SocketMaker.apply(fd, options, log, Phase.PREBIND, Phase.BIND);
      binder.accept(fd);
      SocketMaker.apply(fd, options, log, Phase.PASTBIND, Phase.PRELISTEN, Phase.LISTEN);
      SocketCalls.listen(fd.number(), options.get(RelayOptions.BACKLOG, DEFAULT_BACKLOG));
      return new StreamListener(context, fd, protocol, filter, whenClosed);
    } catch (RuntimeException e) {
      if (fd != null) {
        fd.close();
      }
      whenClosed.run();
      if (e instanceof NativeError error && hasRetry(options)) {
        log.info("%s", error.getMessage());
        throw OpenFailure.reported(error.getMessage());
      }
      throw e;
    }
  }

  private static boolean hasRetry(Options options) {
    return options.isOn(RelayOptions.FOREVER) || options.get(RelayOptions.RETRY, 0) != 0;
  }

  /**
   * TCP listeners reuse their address unless told otherwise; an empty value leaves the system's
   * default.
   */
  private static void reuseAddress(Fd fd, Options options, int protocol, RelayLog log) {
    OptionValue<?> given = options.occurrence(SocketOptions.SO_REUSEADDR);
    if (given == null && protocol == IPPROTO_TCP) {
      log.info("Setting SO_REUSADDR on TCP listen socket implicitly");
      SocketMaker.reuseAddress(fd);
    }
  }

  @Override
  public String localAddress() {
    return local.toString();
  }

  @Override
  public Optional<SocketAddress> boundAddress() {
    return local.toSocketAddress();
  }

  @Override
  public void start(Admission admission, Handler handler) {
    super.start(admission, handler);
    poller.execute(() -> armTimeout(handler));
  }

  private void armTimeout(Handler handler) {
    Duration limit = options.find(RelayOptions.ACCEPT_TIMEOUT).orElse(null);
    if (limit == null || limit.isZero() || isClosed()) {
      return;
    }
    long seen = acceptCount;
    timeout =
        PollerTimer.start(
            poller,
            limit,
            () -> {
              if (isClosed()) {
                return;
              }
              if (acceptCount == seen) {
                handler.timedOut();
              } else {
                armTimeout(handler);
              }
            });
  }

  @Override
  protected void takeAll(Admission admission, Handler handler) {
    Acceptor acceptor = Acceptor.ofThread();
    while (!isClosed() && admission.tryEnter()) {
      int fd = acceptor.accept(socket.number());
      if (fd >= 0) {
        acceptCount++;
        succeeded();
        admission.accepted(fd);
        take(Fd.owned(fd), acceptor.peer(), admission, handler);
        continue;
      }
      admission.leave();
      if (fd == -Errno.ECONNABORTED) {
        log.notice("accept(%s): %s", socket, Errno.text(-fd));
        continue;
      }
      if (fd != -Errno.EAGAIN) {
        failed(new NativeError("accept(" + socket + ")", -fd), handler, log);
      }
      return;
    }
  }

  /** What goes wrong with one peer is its own matter: it is closed, and the others are served. */
  private void take(Fd fd, SocketAddressBytes peer, Admission from, Handler to) {
    try {
      if (filter.isActive()) {
        announce(fd, peer);
      }
      if (!filter.mayBlock()) {
        receive(fd, peer, filter.permits(peer, local), from, to);
        return;
      }
      context.blockingIo().execute(() -> judge(fd, peer, from, to));
    } catch (RuntimeException e) {
      drop(fd, from, e);
    }
  }

  private void judge(Fd fd, SocketAddressBytes peer, Admission from, Handler to) {
    boolean permitted;
    try {
      permitted = filter.permits(peer, SocketCalls.getsockname(fd.number()));
    } catch (RuntimeException e) {
      poller.execute(
          () -> {
            drop(fd, from, e);
            takeAll();
          });
      return;
    }
    poller.execute(() -> receive(fd, peer, permitted, from, to));
  }

  private void drop(Fd fd, Admission from, RuntimeException cause) {
    fd.close();
    from.leave();
    log.error(String.valueOf(cause.getMessage()));
  }

  private void receive(
      Fd fd, SocketAddressBytes peer, boolean permitted, Admission from, Handler to) {
    if (!permitted || isClosed()) {
      SocketCalls.shutdown(fd.number(), SocketCalls.SHUT_RDWR);
      fd.close();
      from.leave();
      if (!isClosed()) {
        log.notice("listening on %s", local);
      }
      if (filter.mayBlock()) {
        takeAll();
      }
      return;
    }
    Endpoint endpoint;
    try {
      acceptedPhases(fd);
      Endpoint accepted =
          Endpoint.ofNonBlockingSocket(fd, context.direction())
              .boundary(boundary)
              .ends(() -> new ConnectionEnds(peer, SocketCalls.getsockname(fd.number())))
              .environment(
                  () -> PeerFacts.of(peer, SocketCalls.getsockname(fd.number()), hasPorts));
      endpoint = ProxyProtocol.expected(context, tcp ? accepted.tcp() : accepted);
    } catch (RuntimeException e) {
      drop(fd, from, e);
      if (filter.mayBlock()) {
        takeAll();
      }
      return;
    }
    to.connected(
        endpoint,
        () -> {
          if (!filter.isActive()) {
            announce(fd, peer);
          }
          log.info("permitting connection from %s", peer);
        });
  }

  private void announce(Fd fd, SocketAddressBytes peer) {
    if (log.has(Severity.NOTICE)) {
      log.notice("accepting connection from %s on %s", peer, SocketCalls.getsockname(fd.number()));
    }
  }

  /** Mode and owner of a UNIX socket were given to its path already. */
  private void acceptedPhases(Fd fd) {
    if (options.inOrder().isEmpty()) {
      return;
    }
    if (local.family() == SocketAddressBytes.AF_UNIX) {
      OptionApplier.apply(
          Phase.FD, fd, options, log, FdOptions.PERM, FdOptions.USER, FdOptions.GROUP);
    } else {
      OptionApplier.apply(Phase.FD, fd, options, log);
    }
    SocketMaker.apply(fd, options, log, Phase.CONNECTED, Phase.LATE);
  }

  @Override
  protected void released() {
    if (timeout != null) {
      timeout.cancel();
    }
  }

  /** A name in the file system is gone when this returns. */
  @Override
  public void close() {
    super.close();
    if (cleaned.compareAndSet(false, true)) {
      whenClosed.run();
    }
  }
}
