package dev.sluice.relay;

import dev.sluice.endpoint.Opened;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An address that an actor is opening, and may give up. Used on the actor's thread only.
 *
 * <p>What is just being opened when it is given up gets a little time, {@link #PATIENCE}, so that
 * it is closed in order; what comes later is closed as it comes.
 */
final class Opening {
  /** How long an end waits for an address that is still being opened. */
  static final Duration PATIENCE = Duration.ofMillis(200);

  private final CompletableFuture<Void> abandoned = new CompletableFuture<>();
  private @Nullable CompletionStage<? extends Opened> result;

  /** Done once nobody wants the result any more. */
  CompletableFuture<Void> abandoned() {
    return abandoned;
  }

  /** The address is being opened; {@link #await} tells how that goes. */
  void begin(CompletionStage<? extends Opened> opened) {
    result = opened;
  }

  /** Has one of the two told, from any thread, how what was begun went. */
  void await(Consumer<? super Opened> whenOpen, Consumer<Throwable> whenFailed) {
    CompletionStage<? extends Opened> begun = Objects.requireNonNull(result);
    begun.whenComplete(
        (value, failure) -> {
          if (value != null) {
            whenOpen.accept(value);
          } else {
            whenFailed.accept(AddressOpener.unwrap(failure));
          }
        });
  }

  /** The actor knows how it went. */
  void over() {
    result = null;
  }

  boolean isGoingOn() {
    return result != null;
  }

  /** Nobody wants the result any more; false if that was known. */
  boolean abandon() {
    return abandoned.complete(null);
  }

  boolean isAbandoned() {
    return abandoned.isDone();
  }

  /** Gives it up, and waits for it no longer. */
  void discard() {
    abandon();
    if (result != null) {
      result.thenAccept(AddressOpener::discard);
      result = null;
    }
  }
}
