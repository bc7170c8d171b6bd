package dev.sluice.relay;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.actor.SchedulerException;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * A scheduler for Akka whose thread sleeps until the next task is due. Akka's own wakes a hundred
 * times a second, which is most of what an idle relay costs. It is the value of {@code
 * akka.scheduler.implementation}.
 *
 * <p>As with Akka's own, the thread only hands tasks to their executors; after {@link #close} it
 * takes none; and what must run at the end (executors that are to be shut down) runs then.
 */
public final class SleepingScheduler extends AbstractScheduler implements Closeable {
  private final ScheduledThreadPoolExecutor timer;
  private final Set<Once> atClose = ConcurrentHashMap.newKeySet();

  /** As Akka makes it, by its name in the configuration. */
  SleepingScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    timer = new ScheduledThreadPoolExecutor(1, threads);
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public double maxFrequency() {
    return 1000; // a thread can sleep for a millisecond, and not much less
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException after {@link #close}
   */
  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    Once once = new Once(task, executor);
    if (task instanceof Scheduler.TaskRunOnClose) {
      atClose.add(once);
    }
    once.runAfter(delay.toNanos(), once);
    return once;
  }

  /**
   * {@inheritDoc} A task that throws is not run again.
   *
   * @throws IllegalStateException after {@link #close}
   */
  @SuppressWarnings("deprecation") // what Akka has now ends in this one
  @Override
  public Cancellable schedule(
      FiniteDuration delay, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    Repeating repeating = new Repeating(delay.toNanos(), interval.toNanos(), task, executor);
    repeating.runAfter(delay.toNanos(), repeating::hand);
    return repeating;
  }

  /** Ends the thread, and runs what must run at the end. */
  @Override
  public void close() {
    timer.shutdownNow();
    for (Once once : atClose) {
      once.run();
    }
  }

  /** A task that waits for its time. */
  private abstract class Waiting implements Cancellable {
    private final ExecutionContext executor;
    private boolean over;
    private boolean cancelled;
    private @Nullable Future<?> future;

    private Waiting(ExecutionContext executor) {
      this.executor = executor;
    }

    /** Runs the step on the scheduler's thread in so many nanoseconds, unless it is cancelled. */
    final synchronized void runAfter(long nanos, Runnable step) {
      if (over) {
        return;
      }
      try {
        future = timer.schedule(step, nanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        over = true;
        throw new IllegalStateException("the scheduler is closed", e);
      }
    }

    final void execute(Runnable task) {
      try {
        executor.execute(task);
      } catch (RuntimeException e) {
        executor.reportFailure(e);
      }
    }

    /** The task will not run again; whether it would have. */
    final synchronized boolean end() {
      boolean first = !over;
      over = true;
      return first;
    }

    /** Called when the task is over. */
    void forget() {}

    @Override
    public final synchronized boolean cancel() {
      if (!end()) {
        return false;
      }
      forget();
      cancelled = true;
      if (future != null) {
        future.cancel(false);
      }
      return true;
    }

    @Override
    public final synchronized boolean isCancelled() {
      return cancelled;
    }
  }

  /** Runs once. */
  private final class Once extends Waiting implements Runnable {
    private final Runnable task;

    private Once(Runnable task, ExecutionContext executor) {
      super(executor);
      this.task = task;
    }

    @Override
    public void run() {
      if (end()) {
        forget();
        execute(task);
      }
    }

    @Override
    void forget() {
      if (task instanceof Scheduler.TaskRunOnClose) {
        atClose.remove(this);
      }
    }
  }

  /** Runs again and again; the next run is counted from when this one was due. */
  private final class Repeating extends Waiting implements Runnable {
    private final Runnable task;
    private final long interval;
    private long due;

    private Repeating(long delay, long interval, Runnable task, ExecutionContext executor) {
      super(executor);
      this.task = task;
      this.interval = interval;
      due = System.nanoTime() + delay;
    }

    private void hand() {
      execute(this);
    }

    @Override
    public void run() {
      if (isCancelled()) {
        return;
      }
      try {
        task.run();
      } catch (SchedulerException e) {
        end(); // the actor that is told is no more
        return;
      } catch (RuntimeException | Error e) {
        end();
        throw e;
      }
      due += interval;
      try {
        runAfter(due - System.nanoTime(), this::hand);
      } catch (IllegalStateException e) {
        end(); // closed meanwhile
      }
    }
  }
}
