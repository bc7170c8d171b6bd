package dev.sluice.os;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether a thread busy-polls for a moment before it sleeps.
 *
 * <p>A peer on the same host answers sooner than a sleeping processor wakes up. Busy-polling costs
 * processor time, though. So a thread does it only after it has passed on something that is likely
 * to be answered, and only while its last waits were short. One long wait, as over a network, ends
 * that until there were enough short waits again.
 *
 * <p>Used by one thread.
 */
final class Anticipation {
  /** Nanoseconds for which looking is worth it. */
  static final long PATIENCE = TimeUnit.MICROSECONDS.toNanos(20);

  /** Short waits in a row that make it likely that the next one is short too. */
  static final int ENOUGH = 16;

  private boolean expecting;
  private int shortWaits;

  /** Something is likely to come at once. */
  void expect() {
    expecting = true;
  }

  /** Whether something is likely to come in the wait that begins; for that one only. */
  boolean takeExpectation() {
    boolean now = expecting;
    expecting = false;
    return now;
  }

  /** Whether to look before sleeping when something is expected. */
  boolean isWorthLooking() {
    return shortWaits >= ENOUGH;
  }

  /** A wait for something expected took that many nanoseconds. */
  void waited(long nanos) {
    shortWaits = nanos < PATIENCE ? Math.min(shortWaits + 1, ENOUGH) : 0;
  }
}
