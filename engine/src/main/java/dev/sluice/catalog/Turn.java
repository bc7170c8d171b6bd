package dev.sluice.catalog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session's place in the order in which a relay accepted its clients.
 *
 * <p>Some servers, such as iperf3, give connections a role by the order of their arrival. So
 * sessions connect in the order of their turns, unless that takes long. Thread-safe.
 */
public final class Turn {
  /** The turn of a session that need not wait for others. */
  public static final Turn NONE = new Turn(null);

  static {
    NONE.pass();
  }

  private @Nullable Turn before;
  private @Nullable CompletableFuture<Void> passing;
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

  /** Its session has begun to connect, or never will: the next one need not wait for it. */
  public void pass() {
    CompletableFuture<Void> waiting;
    synchronized (this) {
      passed = true;
      before = null;
      waiting = passing;
      notifyAll();
    }
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  /** Whether the turn before this one is passed. */
  public boolean isFirst() {
    Turn other = before();
    return other == null || other.isPassed();
  }

  /**
   * Completed when the turn before this one is passed, or after that time; by the thread that
   * passes it, so what follows goes to an executor.
   */
  public CompletionStage<Void> whenFirst(Duration limit) {
    Turn other = before();
    return other == null
        ? CompletableFuture.completedStage(null)
        : other.whenPassed().completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private synchronized @Nullable Turn before() {
    return before;
  }

  private synchronized CompletableFuture<Void> whenPassed() {
    if (passed) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> waiting = passing;
    if (waiting == null) {
      waiting = new CompletableFuture<>();
      passing = waiting;
    }
    return waiting.copy();
  }

  /** Waits until the turn before this one is passed, but not long; blocks. */
  public void await(Duration limit) {
    Turn waitedFor = before();
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
