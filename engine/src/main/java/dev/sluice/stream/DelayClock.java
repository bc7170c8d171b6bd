package dev.sluice.stream;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that says when the time has come for data that a fault or a limit holds back. It
 * starts with the first of them. Akka's scheduler has ticks of 10 ms, which would be most of a
 * small latency.
 */
final class DelayClock {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private DelayClock() {}

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "delays");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  /** Runs something, which must not block, after that many nanoseconds. */
  static Future<?> after(long nanos, Runnable work) {
    return CLOCK.schedule(work, nanos, TimeUnit.NANOSECONDS);
  }
}
