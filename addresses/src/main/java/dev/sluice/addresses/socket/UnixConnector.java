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
import dev.sluice.os.PollerTimer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a UNIX socket, by path or abstract name. No thread waits for a server whose queue of
 * connections is full: connect(2) gives EAGAIN then, nothing tells when there is room, and it is
 * asked again, in growing intervals. See unix(7).
 */
public final class UnixConnector {
  private static final int[] CLIENT_TYPES = {
    SocketCalls.SOCK_STREAM, SocketCalls.SOCK_SEQPACKET, SocketCalls.SOCK_DGRAM
  };

  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

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
  public CompletionStage<Endpoint> connect(String name) {
    return start(
        () -> {
          UnixBinding binding = new UnixBinding(context, isAbstract, true);
          SocketAddressBytes address = UnixNames.address(context, name, isAbstract);
          log.notice("opening connection to %s", address);
          int type = options.get(SocketOptions.SO_TYPE, SocketCalls.SOCK_STREAM);
          return new Attempt(address, new int[] {type}, binding, this::failed);
        });
  }

  /**
   * Connects a socket of whatever type the peer has: stream, then seqpacket; or sends it datagrams.
   */
  public CompletionStage<Endpoint> connectAnyType(String name) {
    return start(
        () -> {
          UnixBinding binding = new UnixBinding(context, isAbstract, false);
          SocketAddressBytes address = UnixNames.address(context, name, isAbstract);
          int fixed = options.get(SocketOptions.SO_TYPE, 0);
          int[] types = fixed == 0 ? CLIENT_TYPES : new int[] {fixed};
          return new AnyTypeAttempt(address, types, binding, e -> failedAsAnyType(name, e));
        });
  }

  private OpenFailure failed(NativeError error) {
    if (!context.lastAttempt()) {
      log.info("%s", error.getMessage());
    }
    return OpenFailure.retryable(error.getMessage(), error.errno());
  }

  private OpenFailure failedAsAnyType(String name, NativeError error) {
    String keyword = context.address().type().descriptor().keyword();
    return OpenFailure.lasting(keyword + ": " + name + ": " + error.reason());
  }

  private CompletionStage<Endpoint> start(Callable<Attempt> attempt) {
    CompletableFuture<Endpoint> connected = new CompletableFuture<>();
    context
        .preparing(attempt)
        .whenComplete(
            (begun, failure) -> {
              if (failure == null) {
                goOn(begun, FIRST_PAUSE, connected);
              } else {
                connected.completeExceptionally(failure);
              }
            });
    return connected;
  }

  /**
   * Tries, and again after pauses; one future for all, so that a long wait holds no more memory.
   */
  private void goOn(Attempt attempt, Duration pause, CompletableFuture<Endpoint> connected) {
    context
        .preparing(() -> Optional.ofNullable(attempt.advance()))
        .whenComplete(
            (endpoint, failure) -> {
              if (failure != null) {
                attempt.undo(); // it may never have been run
                connected.completeExceptionally(failure);
              } else if (endpoint.isPresent()) {
                connected.complete(endpoint.get());
              } else {
                PollerTimer.start(
                    context.poller(), pause, () -> goOn(attempt, longer(pause), connected));
              }
            });
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /** One address, and the types of sockets to try. Its methods may block as opening a file does. */
  private class Attempt {
    final SocketAddressBytes address;
    final UnixBinding binding;
    private final int[] types;
    private final Function<NativeError, OpenFailure> failure;
    private final long begun = System.nanoTime();
    private int next;
    private @Nullable Fd socket;

    Attempt(
        SocketAddressBytes address,
        int[] types,
        UnixBinding binding,
        Function<NativeError, OpenFailure> failure) {
      this.address = address;
      this.types = types;
      this.binding = binding;
      this.failure = failure;
    }

    /** Connects; null when the server's queue is full. */
    @Nullable Endpoint advance() {
      NativeError error;
      do {
        try {
          return ofType(types[next]);
        } catch (NativeError e) {
          undo();
          error = e;
        } catch (RuntimeException e) {
          undo();
          throw e;
        }
        next++;
      } while (next < types.length && isOtherType(error));
      throw failure.apply(error);
    }

    private boolean isOtherType(NativeError error) {
      return error.errno() == Errno.EPROTOTYPE
          || (isAbstract && error.errno() == Errno.ECONNREFUSED);
    }

    @Nullable Endpoint ofType(int type) {
      Fd fd = socket;
      if (fd == null) {
        fd = make(address, type, binding);
        socket = fd;
      }
      int result = SocketCalls.connect(fd.number(), address);
      if (result == -Errno.EAGAIN) {
        giveUpInTime();
        return null;
      }
      LibC.check(result, "connect(, " + address + ", " + address.length() + ")");
      socket = null;
      return endpoint(fd, type, binding);
    }

    private void giveUpInTime() {
      if (context.abandoned().isDone()) {
        throw new CancellationException("nobody waits for " + address);
      }
      Duration limit = options.find(SocketOptions.CONNECT_TIMEOUT).orElse(null);
      if (limit != null && System.nanoTime() - begun >= limit.toNanos()) {
        throw new NativeError(
            "connect(, " + address + ", " + address.length() + ")", Errno.ETIMEDOUT);
      }
    }

    void undo() {
      if (socket != null) {
        socket.close();
        socket = null;
      }
      binding.undo();
    }
  }

  /** Also sends datagrams. */
  private final class AnyTypeAttempt extends Attempt {
    AnyTypeAttempt(
        SocketAddressBytes address,
        int[] types,
        UnixBinding binding,
        Function<NativeError, OpenFailure> failure) {
      super(address, types, binding, failure);
    }

    @Override
    @Nullable Endpoint ofType(int type) {
      return type == SocketCalls.SOCK_DGRAM
          ? new DatagramSockets(context, type, 0, binding).sendingTo(address)
          : super.ofType(type);
    }

    /** The next type is bound to the same name. */
    @Override
    void undo() {
      binding.undoAll();
      super.undo();
    }
  }

  /** A socket that is bound as the options say, and does not block. */
  private Fd make(SocketAddressBytes address, int type, UnixBinding binding) {
    Fd fd =
        SocketCalls.socket(
            SocketAddressBytes.AF_UNIX, type, options.get(SocketOptions.SO_PROTOCOL, 0));
    try {
      OptionApplier.apply(Phase.PASTSOCKET, fd, options, log);
      SocketMaker.apply(fd, options, log, Phase.FD, Phase.PREBIND, Phase.BIND);
      binding.bind(fd, address);
      SocketMaker.apply(fd, options, log, Phase.PASTBIND, Phase.CONNECT);
      fd.setNonBlocking(true);
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
