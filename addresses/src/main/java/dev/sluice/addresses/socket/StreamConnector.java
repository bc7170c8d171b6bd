package dev.sluice.addresses.socket;

import static dev.sluice.os.SocketConstants.IPPROTO_TCP;
import static dev.sluice.os.SocketConstants.TCP_LINGER2;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import dev.sluice.option.TcpOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.ReadinessWait;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Connects a stream socket to the first of several addresses that answers. */
public final class StreamConnector {
  private final OpenContext context;
  private final Options options;

  /** How long a session whose target is known waits for one that came before it. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private static final byte[] NO_WAIT = {-1, -1, -1, -1};

  private final RelayLog log;
  private final int type;
  private final int protocol;
  private @Nullable String role;
  private @Nullable String failureHead;

  public StreamConnector(OpenContext context, int type, int protocol) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.type = type;
    this.protocol = protocol;
  }

  /**
   * What it connects to is not the user's target but a server on the way there.
   *
   * @param newRole what log lines call it
   * @param head what errors begin with
   */
  public StreamConnector through(String newRole, String head) {
    role = newRole;
    failureHead = head;
    return this;
  }

  /** Errors begin with that instead of the address. */
  public StreamConnector named(String head) {
    failureHead = head;
    return this;
  }

  /** Connects to the first of these addresses that answers. Option {@code bind} may block. */
  public CompletionStage<Endpoint> connectToOne(List<SocketAddressBytes> targets, String target) {
    return connectInTurn(attempts(targets, 0), target);
  }

  /** Connects to host and port in that family, 0 for any. */
  public CompletionStage<Endpoint> connect(String host, String port, int family) {
    String target = host + ":" + port;
    if (context.attempt() == 0) {
      log.notice("opening connection to %s%s", role == null ? "" : role + " ", target);
    }
    int realFamily;
    try {
      realFamily = HostPort.family(options, family);
    } catch (OpenFailure e) {
      return CompletableFuture.failedStage(e);
    }
    SocketAddressBytes number = HostPort.numeric(host, port, realFamily);
    if (number != null && context.scope().isPlain() && !options.has(SocketOptions.BIND)) {
      return context.turn().isFirst()
          ? connectTo(number, target)
          : context
              .turn()
              .whenFirst(LONGEST_WAIT)
              .thenComposeAsync(any -> connectTo(number, target), context.poller()::execute);
    }
    return context
        .preparing(
            () ->
                attempts(
                    HostPort.resolveRemote(context, host, port, realFamily, type, protocol),
                    realFamily))
        .thenCompose(
            attempts ->
                context
                    .turn()
                    .whenFirst(LONGEST_WAIT)
                    .thenComposeAsync(
                        any -> connectInTurn(attempts, target), context.poller()::execute));
  }

  private CompletionStage<Endpoint> connectTo(SocketAddressBytes number, String target) {
    log.notice("opening connection to %s", number);
    return connectTo(number, bindingTo(null), failureSeverity(true))
        .handle((fd, failure) -> finish(fd, failure, target));
  }

  /**
   * Connects to one address of any family; a failure of the last attempt is left to the caller to
   * log. No thread waits meanwhile.
   */
  CompletionStage<Endpoint> connectTo(SocketAddressBytes address, LocalBinding binding) {
    if (context.attempt() == 0) {
      log.notice("opening connection to %s", address);
    }
    Severity severity = context.lastAttempt() ? Severity.DEBUG : Severity.INFO;
    return inScope(() -> connectTo(address, binding, severity))
        .thenCompose(connecting -> connecting)
        .thenCompose(fd -> inScope(() -> finish(fd, null, null)));
  }

  /**
   * One address to connect to.
   *
   * @param local the address of option {@code bind} in its family
   */
  private record Attempt(SocketAddressBytes to, @Nullable SocketAddressBytes local) {}

  /** With what option {@code bind} gives for them, whose look-up may block. */
  private List<Attempt> attempts(List<SocketAddressBytes> targets, int family) {
    return targets.stream()
        .map(address -> new Attempt(address, bindAddress(address.family(), family)))
        .toList();
  }

  /** No thread waits meanwhile. */
  private CompletionStage<Endpoint> connectInTurn(List<Attempt> attempts, String target) {
    return connectInTurn(attempts, null, target);
  }

  private CompletionStage<Endpoint> connectInTurn(
      List<Attempt> attempts, @Nullable Throwable failure, String target) {
    if (attempts.isEmpty() || isRefusedOption(failure)) {
      return inScope(() -> finish(null, failure, target));
    }
    Attempt attempt = attempts.get(0);
    List<Attempt> others = attempts.subList(1, attempts.size());
    if (options.has(SocketOptions.BIND) && attempt.local() == null) {
      log.warning(
          keyword()
              + ": No bind address with matching address family ("
              + attempt.to().family()
              + ") of host available");
      return connectInTurn(others, failure, target);
    }
    log.notice("opening connection to %s", attempt.to());
    return inScope(
            () ->
                connectTo(
                    attempt.to(), bindingTo(attempt.local()), failureSeverity(others.isEmpty())))
        .thenCompose(connecting -> connecting)
        .handle(
            (fd, refusal) ->
                fd != null
                    ? inScope(() -> finish(fd, null, target))
                    : connectInTurn(others, refusal, target))
        .thenCompose(connecting -> connecting);
  }

  /** Such a failure no other address is without. */
  private static boolean isRefusedOption(@Nullable Throwable failure) {
    return failure instanceof OpenFailure
        || (failure != null && failure.getCause() instanceof OpenFailure);
  }

  /** What is done to the socket is done under the address's process options. */
  private <T> CompletionStage<T> inScope(Callable<T> work) {
    if (!context.scope().isPlain()) {
      return context.preparing(work);
    }
    try {
      return CompletableFuture.completedStage(work.call());
    } catch (Exception e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private String keyword() {
    return context.address().spec().keyword();
  }

  /** The address of option {@code bind} in that family, null when there is none. */
  private @Nullable SocketAddressBytes bindAddress(int family, int askedFamily) {
    String bind = options.find(SocketOptions.BIND).orElse(null);
    if (bind == null) {
      return null;
    }
    String[] parts = HostPort.split(bind);
    String port = HostPort.bindPort(bind, options.get(TcpOptions.SOURCEPORT, 0));
    try {
      return HostPort.resolveLocal(
          context, parts[0].isEmpty() ? null : parts[0], port, family, type, protocol);
    } catch (OpenFailure e) {
      if (askedFamily == 0) {
        return null;
      }
      throw e;
    }
  }

  /** Connects to one address; a failure has been logged. */
  private CompletionStage<Fd> connectTo(
      SocketAddressBytes address, LocalBinding binding, Severity severity) {
    Fd fd = null;
    try {
      fd = SocketMaker.make(address.family(), type, protocol, options, log);
      SocketMaker.apply(fd, options, log, Phase.FD, Phase.PREBIND, Phase.BIND);
      binding.bind(fd, address);
      SocketMaker.apply(fd, options, log, Phase.PASTBIND, Phase.CONNECT);
      int result = SocketCalls.connect(fd.number(), address);
      context.turn().pass();
      if (result == 0 || (result == -Errno.EINPROGRESS && isConnectedAlready(fd))) {
        return CompletableFuture.completedStage(fd);
      }
      if (result != -Errno.EINPROGRESS) {
        throw ConnectWatch.refused(fd, address, -result);
      }
      return new ConnectWatch(fd, address, log, severity)
          .connected(context.poller(), options.find(SocketOptions.CONNECT_TIMEOUT));
    } catch (RuntimeException e) {
      if (fd != null) {
        ErrorQueue.tell(fd, log);
        fd.close();
      }
      if (e instanceof NativeError error) {
        log.write(severity, error.getMessage());
      }
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Over the loopback interface a connection is there by the time that connect(2) returns; then
   * nobody needs to watch for it.
   */
  private static boolean isConnectedAlready(Fd fd) {
    return ReadinessWait.isWritableNow(fd.number());
  }

  /**
   * A warning for the last address of the last attempt; a step less for earlier addresses, and for
   * attempts that are not the last.
   */
  private Severity failureSeverity(boolean last) {
    return Severity.WARNING.lowered((last ? 0 : 1) + (context.lastAttempt() ? 0 : 1));
  }

  private LocalBinding bindingTo(@Nullable SocketAddressBytes local) {
    return (fd, remote) -> bind(fd, remote, local);
  }

  private void bind(Fd fd, SocketAddressBytes remote, @Nullable SocketAddressBytes local) {
    if (LowPort.isAskedFor(options, local)) {
      LowPort.bind(
          fd, local == null ? SocketAddressBytes.wildcard(remote.family(), 0) : local, log);
    } else if (local != null) {
      SocketCalls.bind(fd.number(), local);
    } else {
      options
          .find(TcpOptions.SOURCEPORT)
          .ifPresent(
              port ->
                  SocketCalls.bind(
                      fd.number(), SocketAddressBytes.wildcard(remote.family(), port)));
    }
  }

  private Endpoint finish(@Nullable Fd fd, @Nullable Throwable failure, @Nullable String target) {
    if (fd == null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      if (cause instanceof OpenFailure refusedOption) {
        throw refusedOption;
      }
      if (cause instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
        throw error;
      }
      String reason = cause instanceof NativeError error ? error.reason() : "(See above)";
      String head = failureHead != null ? failureHead : context.address().spec().head();
      throw OpenFailure.retryable(
          head + ": " + reason, cause instanceof NativeError error ? error.errno() : 0);
    }
    try {
      SocketMaker.apply(fd, options, log, Phase.CONNECTED, Phase.LATE);
      if (log.has(Severity.NOTICE)) {
        log.notice(
            "successfully connected from local address %s", SocketCalls.getsockname(fd.number()));
        if (target != null && role == null) {
          log.notice("successfully connected to %s", target);
        }
      }
      Endpoint endpoint = Endpoint.ofNonBlockingSocket(fd, context.direction());
      if (protocol == IPPROTO_TCP) {
        endpoint = endpoint.tcp();
        if (!options.has(TcpOptions.TCP_LINGER2)) {
          endpoint.beforeAbandon(
              () -> SocketCalls.setsockopt(fd.number(), IPPROTO_TCP, TCP_LINGER2, NO_WAIT));
        }
      }
      if (role == null) {
        ProxyProtocol.introduce(context, endpoint);
      }
      return endpoint;
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }
}
