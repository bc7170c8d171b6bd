package dev.sluice.catalog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session's place in the order in which a relay accepted its clients.
 *
 * <p>Servers may give connections their role by the order in which they come, as iperf3 does. So
 * sessions connect in the order of their turns, as far as nobody has to wait long for that.
 * Thread-safe.
 */
public final class Turn {
  /** The turn of a session that need not wait for others. */
  public static final Turn NONE = new Turn(null);

  static {
    NONE.pass();
  }

  private final long since = System.nanoTime();
  private @Nullable Turn before;
  private boolean passed;

  private Turn(@Nullable Turn before) {
    this.before = before;
  }

  /** The turn that comes after this one. */
  public Turn next() {
    return new Turn(isPassed() ? null : this);
  }

  /** Whether its session has begun to connect, or never will. */
  public synchronized boolean isPassed() {
    return passed;
  }

  /** Whether it is passed, or has been open for longer than that. */
  public boolean isPassedOrOlderThan(Duration age) {
    return System.nanoTime() - since > age.toNanos() || isPassed();
  }

  /** Its session has begun to connect, or never will: the next one need not wait for it. */
  public synchronized void pass() {
    passed = true;
    before = null;
    notifyAll();
  }

  /** Waits until the turn before this one is passed, but not long; blocks. */
  public void await(Duration limit) {
    Turn waitedFor;
    synchronized (this) {
      waitedFor = before;
    }
    if (waitedFor != null) {
      waitedFor.awaitPassed(limit);
    }
  }

  private synchronized void awaitPassed(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    for (long left = limit.toNanos();
        !passed && left > 0 && !interrupted;
        left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        interrupted = true;
      }
    }
  }
}
