package dev.sluice.fleet.watch;

import dev.sluice.fleet.run.FleetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of a fleet for all who look at it: however many ask, the fleet is asked once in a
 * second at most. Thread-safe.
 */
public final class Sampler {
  /** A sample that is younger serves the next one who asks. */
  private static final Duration FRESH = Duration.ofMillis(900);

  private final Supplier<CompletionStage<FleetStatus>> fleet;
  private final LongSupplier nanoTime;
  private @Nullable Sample last;
  private @Nullable CompletableFuture<Sample> coming;

  /**
   * Makes a sampler.
   *
   * @param fleet asks how everything is
   * @param nanoTime such as {@link System#nanoTime}
   */
  public Sampler(Supplier<CompletionStage<FleetStatus>> fleet, LongSupplier nanoTime) {
    this.fleet = fleet;
    this.nanoTime = nanoTime;
  }

  /** The newest sample, or a new one when that is a second old. */
  public CompletionStage<Sample> sample() {
    CompletableFuture<Sample> mine;
    synchronized (this) {
      if (last != null && nanoTime.getAsLong() - last.nanos() < FRESH.toNanos()) {
        return CompletableFuture.completedStage(last);
      }
      if (coming != null) {
        return coming;
      }
      mine = new CompletableFuture<>();
      coming = mine;
    }
    CompletionStage<FleetStatus> asked;
    try {
      asked = fleet.get();
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedStage(e);
    }
    asked.whenComplete(
        (status, failure) -> {
          Sample sample = null;
          synchronized (this) {
            if (status != null) {
              sample = Sample.of(status, Instant.now(), nanoTime.getAsLong(), last);
              last = sample;
            }
            coming = null;
          }
          if (sample != null) {
            mine.complete(sample);
          } else {
            mine.completeExceptionally(failure);
          }
        });
    return mine;
  }
}
