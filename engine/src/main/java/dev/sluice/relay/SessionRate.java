package dev.sluice.relay;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many sessions may begin in a second. What was not used in the second before may be used at
 * once. Thread-safe.
 */
final class SessionRate {
  private static final double SECOND = 1e9;

  private final int perSecond;
  private final LongSupplier clock;
  private double room;
  private long last;

  /**
   * Makes one with a full second's room.
   *
   * @param perSecond above 0
   * @param clock nanoseconds that only grow
   */
  SessionRate(int perSecond, LongSupplier clock) {
    this.perSecond = perSecond;
    this.clock = clock;
    this.room = perSecond;
    this.last = clock.getAsLong();
  }

  /** Takes room for one session; false when there is none now. */
  synchronized boolean tryTake() {
    long now = clock.getAsLong();
    room = Math.min(perSecond, room + (now - last) / SECOND * perSecond);
    last = now;
    if (room < 1) {
      return false;
    }
    room--;
    return true;
  }

  /** Gives room back that led to no session. */
  synchronized void giveBack() {
    room = Math.min(perSecond, room + 1);
  }

  /** The time until there is room for one session, as far as can be told now. */
  synchronized Duration untilRoom() {
    return Duration.ofNanos((long) Math.max(1e6, (1 - room) * SECOND / perSecond));
  }
}
