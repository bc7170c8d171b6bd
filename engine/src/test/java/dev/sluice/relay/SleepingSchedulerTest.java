package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorSystem;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.actor.SchedulerException;
import akka.event.NoLogging;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;

class SleepingSchedulerTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofHours(1);

  private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final ExecutionContext here = executing(Runnable::run);
  private final SleepingScheduler scheduler =
      new SleepingScheduler(ConfigFactory.empty(), NoLogging.getInstance(), this::thread);

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    threads.add(thread);
    return thread;
  }

  private ExecutionContext executing(Executor executor) {
    return new ExecutionContext() {
      @Override
      public void execute(Runnable task) {
        executor.execute(task);
      }

      @Override
      public void reportFailure(Throwable failure) {
        failures.add(failure);
      }
    };
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(20, TimeUnit.SECONDS);
    return Objects.requireNonNull(found, "nothing came");
  }

  /** Two later tasks that have run say that an earlier one will not. */
  private void letOthersRun() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      scheduler.scheduleOnce(Duration.ofMillis(5), () -> done.add("other"), here);
      assertEquals("other", next(done));
    }
  }

  @Test
  void runsOnceAndThenIsNotCancelled() throws Exception {
    Cancellable task = scheduler.scheduleOnce(SOON, () -> done.add("ran"), here);

    assertEquals("ran", next(done));
    assertFalse(task.cancel());
    assertFalse(task.isCancelled());
    letOthersRun();
  }

  @Test
  void whatIsCancelledDoesNotRun() throws Exception {
    Cancellable later = scheduler.scheduleOnce(NEVER, () -> done.add("ran"), here);

    assertTrue(later.cancel());
    assertFalse(later.cancel());
    assertTrue(later.isCancelled());
    letOthersRun();
  }

  @Test
  void theSoonerRunsFirst() throws Exception {
    scheduler.scheduleOnce(NEVER, () -> done.add("never"), here);
    scheduler.scheduleOnce(SOON, () -> done.add("soon"), here);
    scheduler.scheduleOnce(Duration.ZERO, () -> done.add("now"), here);

    assertEquals(List.of("now", "soon"), List.of(next(done), next(done)));
  }

  @Test
  void repeatsUntilItIsCancelled() throws Exception {
    Cancellable task = scheduler.scheduleAtFixedRate(SOON, SOON, () -> done.add("again"), here);

    for (int i = 0; i < 5; i++) {
      assertEquals("again", next(done));
    }
    assertTrue(task.cancel());
    assertTrue(task.isCancelled());
    done.clear();
    letOthersRun();
  }

  @Test
  void aTaskThatThrowsIsNotRepeated() throws Exception {
    for (RuntimeException thrown :
        List.of(
            new IllegalStateException("on purpose"), new SchedulerException("its actor ended"))) {
      Cancellable task =
          scheduler.scheduleAtFixedRate(
              SOON,
              SOON,
              () -> {
                done.add("ran");
                throw thrown;
              },
              here);

      assertEquals("ran", next(done));
      letOthersRun();
      assertFalse(task.cancel());
    }
    assertEquals("on purpose", next(failures).getMessage());
    assertTrue(failures.isEmpty(), failures::toString);
  }

  @Test
  void atTheEndOnlyWhatIsMeantForItRuns() throws Exception {
    Scheduler.TaskRunOnClose last = () -> done.add("last");
    Scheduler.TaskRunOnClose cancelled = () -> done.add("cancelled");
    scheduler.scheduleOnce(NEVER, last, here);
    scheduler.scheduleOnce(NEVER, cancelled, here).cancel();
    scheduler.scheduleOnce(NEVER, () -> done.add("other"), here);

    scheduler.close();

    assertEquals("last", next(done));
    assertTrue(done.isEmpty(), done::toString);
    assertThrows(
        IllegalStateException.class,
        () -> scheduler.scheduleOnce(SOON, () -> done.add("late"), here));
    next(threads).join();
    assertTrue(done.isEmpty(), done::toString);
  }

  @Test
  void anExecutorThatRefusesIsToldOfIt() throws Exception {
    ExecutionContext full =
        executing(
            task -> {
              throw new RejectedExecutionException("full");
            });

    scheduler.scheduleOnce(SOON, () -> done.add("ran"), full);

    assertEquals("full", next(failures).getMessage());
    letOthersRun();
  }

  /** A thread that waits without a limit is woken by nothing but a task. */
  @Test
  void sleepsWhileThereIsNothingToDo() throws Exception {
    letOthersRun();

    Thread thread = next(threads);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void anActorSystemForRelaysHasIt() {
    ActorSystem system = RelaySystem.create("sleeping").classicSystem();
    try {
      assertEquals(SleepingScheduler.class, system.scheduler().getClass());
    } finally {
      system.terminate();
    }
  }
}
