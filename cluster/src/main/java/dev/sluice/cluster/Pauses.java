package dev.sluice.cluster;

import java.time.Duration;

/**
 * Notices that this node stood still: garbage collection, a stopped process, a suspended machine.
 * The node's actor ticks; any thread may ask. Times are of {@link System#nanoTime}.
 */
final class Pauses {
  private final long limit;
  private final long noticed;
  private volatile long last = System.nanoTime();
  private volatile Sums sums = new Sums(0, 0, 0);

  /** The pauses until now; times in seconds. */
  record Sums(long count, double total, double longest) {}

  /**
   * Makes one.
   *
   * @param limit a longer pause may have cost this node its relays
   * @param noticed a longer one is counted
   */
  Pauses(Duration limit, Duration noticed) {
    this.limit = limit.toNanos();
    this.noticed = noticed.toNanos();
  }

  /** What was before does not count. */
  void begin() {
    last = System.nanoTime();
  }

  /** The time since the tick before, in nanoseconds. */
  long tick() {
    long now = System.nanoTime();
    long gap = now - last;
    last = now;
    if (gap > noticed) {
      double seconds = gap / 1e9;
      Sums before = sums;
      sums = new Sums(before.count + 1, before.total + seconds, Math.max(before.longest, seconds));
    }
    return gap;
  }

  boolean isTooLong(long gap) {
    return gap > limit;
  }

  /** Whether a pause as long as that is noticed. */
  boolean isNoticed(long gap) {
    return gap > noticed;
  }

  /** Whether this node is in such a pause now, or comes out of one. */
  boolean holds() {
    return System.nanoTime() - last > limit;
  }

  Sums sums() {
    return sums;
  }
}
