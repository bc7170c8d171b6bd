package dev.sluice.connector.kit;

import akka.Done;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stage for many that are waited for: the first failure fails it. A stream is told once, where
 * a stage for each would wake it each time. Thread-safe.
 */
public final class CountedDone {
  private final AtomicInteger missing;
  private final CompletableFuture<Done> all = new CompletableFuture<>();

  /**
   * Waits for that many.
   *
   * @param count more than none
   */
  public CountedDone(int count) {
    missing = new AtomicInteger(count);
  }

  /** One more is over, and has failed unless {@code failure} is null. */
  public void one(@Nullable Throwable failure) {
    if (failure != null) {
      all.completeExceptionally(failure);
    } else if (missing.decrementAndGet() == 0) {
      all.complete(Done.getInstance());
    }
  }

  /** Done once all are. */
  public CompletionStage<Done> all() {
    return all;
  }
}
