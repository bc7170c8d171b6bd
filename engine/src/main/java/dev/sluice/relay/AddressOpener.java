package dev.sluice.relay;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.fault.Fault;
import dev.sluice.log.RelayLog;
import dev.sluice.option.OptionApplier;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens one side of a relay: one address or two, again and again as their {@link RetryPolicy} says,
 * and gives the result what every address can have: lock file, data options, another way to
 * half-close.
 *
 * @param settings what the command line says
 * @param log in whose name to speak
 * @param poller the poller of the session that opens
 * @param runtime threads that may block
 * @param pauses between attempts, until nobody wants the result any more: then no further attempt
 *     is made, what was opened is closed, and what waits for a peer or a lock waits no longer
 * @param session what the options of an address opened before have made of the session
 * @param left what the address is to be joined with, open; null when it is the first
 * @param turn the session's place among those that connect at the same time
 * @param progress told when the address waits for its only peer, and when it is tried again; on any
 *     thread
 */
record AddressOpener(
    RelaySettings settings,
    RelayLog log,
    Poller poller,
    RelayRuntime runtime,
    Pauses pauses,
    ProcessScope session,
    @Nullable Channel left,
    Turn turn,
    Consumer<RelayEvent> progress) {
  /** A program can take the place of no relay here. */
  static OpenFailure noforkNotAllowed() {
    return OpenFailure.lasting("option nofork is not allowed here");
  }

  /** A fault has it that nobody is served. */
  static OpenFailure refusedBy(Fault fault) {
    return OpenFailure.retryable("fault " + fault + " refuses the session", Errno.ECONNREFUSED);
  }

  /**
   * Opens a side.
   *
   * @param direction the halves that are needed
   * @param facts variables for programs that addresses opened before have given
   * @param mayRetry whether the address's retry options hold
   * @return a listener if the address has option fork and listens, an endpoint otherwise
   */
  CompletionStage<Opened> open(
      AddressPair side,
      Direction direction,
      Supplier<Map<String, String>> facts,
      boolean mayRetry) {
    Address second = side.second();
    if (second == null) {
      return openOne(side.first(), direction, facts, mayRetry);
    }
    if (direction != Direction.BOTH) {
      log.warning("unidirectional open of dual address");
      return openOne(
          direction == Direction.READ ? side.first() : second, direction, facts, mayRetry);
    }
    return openOne(side.first(), Direction.READ, facts, mayRetry)
        .thenCompose(
            read -> {
              if (!(read instanceof Endpoint reader)) {
                throw refused(read);
              }
              return after(side.first())
                  .openOne(second, Direction.WRITE, () -> merged(facts, reader), mayRetry)
                  .handle((write, failure) -> join(reader, write, failure));
            });
  }

  /** Opens in what the options of an address that is open have made of the session. */
  private AddressOpener after(Address open) {
    return new AddressOpener(
        settings,
        log,
        poller,
        runtime,
        pauses,
        ProcessScope.of(open.options()).within(session),
        left,
        turn,
        progress);
  }

  /** Closes what nobody wants. */
  static void discard(Opened opened) {
    if (opened instanceof Channel channel) {
      channel.close();
    } else if (opened instanceof Listener listener) {
      listener.close();
    }
  }

  private static OpenFailure refused(Opened half) {
    discard(half);
    if (half instanceof StreamChannel) {
      return OpenFailure.lasting("a stream is not allowed in a dual address");
    }
    return half instanceof Listener
        ? OpenFailure.lasting("option fork is not allowed in a dual address")
        : noforkNotAllowed();
  }

  private static Map<String, String> merged(Supplier<Map<String, String>> facts, Endpoint reader) {
    Map<String, String> all = new LinkedHashMap<>(facts.get());
    all.putAll(reader.environment());
    return all;
  }

  private static Opened join(Endpoint reader, @Nullable Opened write, @Nullable Throwable failure) {
    if (write instanceof Endpoint writer) {
      return Endpoint.joined(reader, writer);
    }
    reader.close();
    if (write != null) {
      throw refused(write);
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  private CompletionStage<Opened> openOne(
      Address address, Direction wanted, Supplier<Map<String, String>> facts, boolean mayRetry) {
    Direction possible = address.type().descriptor().direction();
    if (!possible.covers(wanted)) {
      log.warning(
          "address is opened in " + wanted.mode() + " mode but only supports " + possible.mode());
    }
    OptionApplier.logSettings(address.options(), log);
    ProcessScope.announce(address.options(), log, settings.open().experimental());
    RetryPolicy policy = mayRetry ? RetryPolicy.of(address.options()) : RetryPolicy.never();
    CompletableFuture<Opened> result = new CompletableFuture<>();
    attempt(address, wanted, facts, policy, 0, result);
    return result;
  }

  private void attempt(
      Address address,
      Direction direction,
      Supplier<Map<String, String>> facts,
      RetryPolicy policy,
      int number,
      CompletableFuture<Opened> result) {
    if (pauses.isAbandoned()) {
      result.completeExceptionally(new CancellationException());
      return;
    }
    OpenContext context = context(address, direction, facts, number, policy.isLast(number));
    OpenAttempt.of(this, context)
        .whenComplete(
            (opened, failure) -> {
              if (opened != null && pauses.isAbandoned()) {
                discard(opened);
                result.completeExceptionally(new CancellationException());
              } else if (opened != null) {
                result.complete(opened);
              } else if (!policy.isLast(number) && isRetryable(unwrap(failure))) {
                progress.accept(new RelayEvent.Retrying(number + 1, unwrap(failure)));
                pauses
                    .of(policy.delay(number))
                    .whenComplete(
                        (none, given) -> {
                          if (given == null) {
                            attempt(address, direction, facts, policy, number + 1, result);
                          } else {
                            result.completeExceptionally(given);
                          }
                        });
              } else {
                result.completeExceptionally(unwrap(failure));
              }
            });
  }

  private OpenContext context(
      Address address,
      Direction direction,
      Supplier<Map<String, String>> facts,
      int attempt,
      boolean last) {
    return new OpenContext(
        address,
        direction,
        settings.open(),
        log,
        poller,
        runtime.blockingIo(),
        runtime.waiting(),
        () ->
            RelayEnvironment.of(
                ProcessVariables.all(), settings.open(), log.session(), facts.get()),
        session,
        attempt,
        last,
        left,
        turn,
        pauses.abandoned(),
        (other, halves) -> OpenAttempt.of(this, context(other, halves, facts, attempt, false)));
  }

  private static boolean isRetryable(Throwable failure) {
    return failure instanceof NativeError
        || (failure instanceof OpenFailure open && open.isRetryable());
  }

  static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
