package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessRightsTest {

  /** The C library aborts the process when a change fails in one thread only. */
  @Test
  void waitsForAThreadThatHasOtherRights() throws Exception {
    assumeTrue(ProcessRights.user() == 0, "needs root");
    CountDownLatch differs = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicBoolean ends = new AtomicBoolean();
    AtomicBoolean waited = new AtomicBoolean();
    Thread other =
        new Thread(
            () -> {
              ScopedThread.setUser(65534);
              differs.countDown();
              await(mayEnd);
            });
    other.start();
    differs.await();
    Thread waiting =
        new Thread(
            () -> {
              ProcessRights.awaitEqualThreads();
              waited.set(ends.get());
            });
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
      Thread.onSpinWait();
    }
    ends.set(true);
    mayEnd.countDown();
    waiting.join();
    assertTrue(waited.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
