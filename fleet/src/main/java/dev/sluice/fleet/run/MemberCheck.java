package dev.sluice.fleet.run;

import akka.NotUsed;
import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.stream.KillSwitches;
import akka.stream.StreamLimitReachedException;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Durations;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Check;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.relay.Connectors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/**
 * Asks a member of a pool whether it is well: opens an address, and, where a check says so, sends
 * something and looks for an answer. Each takes a limited time and memory. Thread-safe.
 */
final class MemberCheck {
  /** Between the checks of two members of a pool, so that they don't begin all at once. */
  static final Duration STEP = Duration.ofMillis(20);

  /** Bytes of an answer that are looked at. */
  private static final int MOST = 64 * 1024;

  private final ActorSystem<?> system;
  private final RelayReader reader;

  MemberCheck(ActorSystem<?> system, RelayReader reader) {
    this.system = system;
    this.reader = reader;
  }

  /** Completes when the member is well, and fails otherwise; see {@link #reason}. */
  CompletionStage<Void> check(PoolDefinition pool, Address member, Secrets secrets) {
    Check check = pool.check().orElseThrow();
    StringBuilder problems = new StringBuilder();
    Address opened = reader.check(pool, member, secrets, problems::append);
    if (opened == null) {
      return CompletableFuture.failedStage(new IllegalArgumentException(problems.toString()));
    }
    CompletableFuture<Void> result = new CompletableFuture<>();
    CompletableFuture<Void> abandoned = new CompletableFuture<>();
    Cancellable limit =
        system
            .scheduler()
            .scheduleOnce(
                check.timeout(),
                () ->
                    result.completeExceptionally(
                        new TimeoutException(
                            "no answer within " + Durations.text(check.timeout()))),
                system.executionContext());
    Connectors.of(system)
        .probe(new AddressPair(opened, null), abandoned)
        .thenCompose(channel -> answered(channel, check, abandoned))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                result.complete(null);
              } else {
                result.completeExceptionally(failure);
              }
            });
    result.whenComplete(
        (done, failure) -> {
          limit.cancel();
          abandoned.complete(null);
        });
    return result;
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Why a check has failed, for a reader. */
  static String reason(Throwable failure) {
    Throwable cause = unwrapped(failure);
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private CompletionStage<Void> answered(
      Flow<ByteString, ByteString, NotUsed> channel,
      Check check,
      CompletableFuture<Void> abandoned) {
    Source<ByteString, ?> request =
        check
            .send()
            .<Source<ByteString, ?>>map(
                text -> Source.single(ByteString.fromString(text, StandardCharsets.UTF_8)))
            .orElseGet(Source::empty);
    if (check.expect().isEmpty()) {
      request.via(channel).runWith(Sink.cancelled(), system);
      return CompletableFuture.completedStage(null);
    }
    String expected = check.expect().get();
    UniqueKillSwitch[] end = new UniqueKillSwitch[1];
    CompletionStage<Optional<String>> found =
        request
            .concat(Source.<ByteString>maybe())
            .viaMat(KillSwitches.single(), Keep.right())
            .via(channel)
            .mapMaterializedValue(
                stop -> {
                  end[0] = stop;
                  return stop;
                })
            .limitWeighted(MOST, bytes -> (long) bytes.size())
            .scan("", (seen, bytes) -> seen + bytes.decodeString(StandardCharsets.ISO_8859_1))
            .filter(seen -> seen.contains(latin(expected)))
            .runWith(Sink.headOption(), system);
    UniqueKillSwitch stop = end[0];
    abandoned.thenRun(() -> stop.abort(new TimeoutException("nobody waits any more")));
    return judged(found.whenComplete((text, failure) -> stop.shutdown()), expected);
  }

  /** Fails with the reason unless the text was found. */
  private static CompletionStage<Void> judged(
      CompletionStage<Optional<String>> found, String expected) {
    return found.handle(
        (text, failure) -> {
          Throwable cause = failure == null ? null : unwrapped(failure);
          if (cause instanceof StreamLimitReachedException || (cause == null && text.isEmpty())) {
            throw new IllegalStateException("did not answer \"" + expected + "\"");
          } else if (cause != null) {
            throw new CompletionException(cause);
          }
          return null;
        });
  }

  /** The characters that stand for the bytes of a text. */
  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
