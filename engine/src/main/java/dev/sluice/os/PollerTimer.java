package dev.sluice.os;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A time limit that a poller acts on. One thread of the process watches all limits; a cancelled one
 * is forgotten at once, so that limits that are long and rarely reached cost nothing afterwards.
 * Thread-safe.
 */
public final class PollerTimer {
  /** Made with the first limit. */
  private static final class Clock {
    static final ScheduledThreadPoolExecutor THREAD = make();

    private static ScheduledThreadPoolExecutor make() {
      ScheduledThreadPoolExecutor made =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread thread = new Thread(task, "time-limits");
                thread.setDaemon(true);
                return thread;
              });
      made.setRemoveOnCancelPolicy(true);
      return made;
    }
  }

  private final Future<?> waiting;

  private PollerTimer(Future<?> waiting) {
    this.waiting = waiting;
  }

  /** Has the poller run {@code action} when {@code time} has passed. */
  public static PollerTimer start(Poller poller, Duration time, Runnable action) {
    long nanos = TimeUnit.NANOSECONDS.convert(time); // 292 years at the most
    return new PollerTimer(
        Clock.THREAD.schedule(() -> poller.execute(action), nanos, TimeUnit.NANOSECONDS));
  }

  /**
   * The time limit is not needed any more. An action that the poller has been given already still
   * runs.
   */
  public void cancel() {
    waiting.cancel(false);
  }

  /** How many limits of the process are neither reached nor cancelled. */
  static int pending() {
    return Clock.THREAD.getQueue().size();
  }
}
