package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PipePoolTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 5_000;

  private final PipePool pool = new PipePool(1 << 16, 2, 1 << 20);
  private final Set<Integer> lent = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();

  /** One borrower at a time, and what it put in is what it finds. */
  private void borrowMany(int thread) {
    NativeBuffer block = NativeBuffer.allocate(8);
    for (int i = 0; i < ROUNDS; i++) {
      PipePool.Pipe pipe = pool.borrow();
      assertNotNull(pipe);
      int end = pipe.readEnd();
      assertTrue(lent.add(end), "lent twice");
      long value = ((long) thread << 32) | i;
      assertEquals(8, LibC.write(pipe.writeEnd(), block.putLong(0, value), 0, 8));
      boolean isDiscarded = i % 7 == 0;
      if (!isDiscarded) {
        assertEquals(8, LibC.read(end, block.putLong(0, 0), 0, 8));
        assertEquals(value, block.getLong(0));
      }
      assertTrue(lent.remove(end));
      if (isDiscarded) {
        pool.discard(pipe);
      } else {
        pool.giveBack(pipe);
      }
    }
  }

  @Test
  void aPipeHasOneBorrowerAtATime() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int number = t;
      Thread thread = new Thread(() -> borrowMany(number));
      thread.setUncaughtExceptionHandler((any, failure) -> wrong.set(failure));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(wrong.get());
    pool.close();
  }

  /** Peers that do not read keep what was lent to their sessions. */
  @Test
  void lendsNoMoreThanItMay() {
    PipePool two = new PipePool(1 << 16, 1, 2 << 16);
    PipePool.Pipe first = two.borrow();
    PipePool.Pipe second = two.borrow();
    assertNotNull(first);
    assertNotNull(second);
    assertNull(two.borrow());
    two.giveBack(first);
    PipePool.Pipe third = two.borrow();
    assertNotNull(third);
    assertNull(two.borrow());
    two.discard(third);
    two.giveBack(second);
    two.close();
  }
}
