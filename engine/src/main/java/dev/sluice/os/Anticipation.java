package dev.sluice.os;

import java.util.concurrent.TimeUnit;

/**
 * Decides whether a thread looks for what it waits for a few times more before it sleeps.
 *
 * <p>Sleeping, and being woken on a processor that sleeps too, takes longer than a peer on the same
 * host takes to answer. Looking costs processor time, though, so it is for who has just passed on
 * what is likely to be answered, and only while the waits before were short: one that was not, as
 * over a network, ends it until there are enough of the short ones again.
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
