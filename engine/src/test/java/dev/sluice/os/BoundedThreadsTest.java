package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedThreadsTest {
  private final BoundedThreads threads = new BoundedThreads("bounded", 0, 2, 4);
  private final Set<Thread> seen = ConcurrentHashMap.newKeySet();
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void close() {
    held.countDown();
    threads.close();
  }

  /** Runs tasks that wait until they are let go. */
  private CountDownLatch hold(int tasks) {
    CountDownLatch done = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      threads.execute(
          () -> {
            seen.add(Thread.currentThread());
            await(held);
            done.countDown();
          });
    }
    return done;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatFindsNoThreadWaits() {
    CountDownLatch done = hold(5);
    assertFalse(threads.isFull(), "two run, three wait");
    held.countDown();
    await(done);
    assertEquals(2, seen.size());
  }

  @Test
  void whoWasHeldBackIsToldWhenHalfOfTheQueueIsDone() {
    CountDownLatch done = hold(6);
    assertTrue(threads.isFull());
    CountDownLatch told = new CountDownLatch(1);
    threads.whenRoom(told::countDown);
    assertEquals(1, told.getCount());
    held.countDown();
    await(told);
    await(done);
    assertFalse(threads.isFull());
  }

  @Test
  void whoComesWhenThereIsRoomAgainIsToldAtOnce() {
    CountDownLatch told = new CountDownLatch(1);
    threads.whenRoom(told::countDown);
    assertEquals(0, told.getCount());
  }

  @Test
  void aTaskThatThrowsCostsNobodyElse() {
    CountDownLatch done = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      threads.execute(
          () -> {
            done.countDown();
            throw new IllegalStateException("thrown on purpose");
          });
    }
    await(done);
    await(hold(0));
    held.countDown();
    await(hold(4));
  }
}
