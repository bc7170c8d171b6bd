package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class UndoTest {

  @Test
  void undoesTheLatestFirstAndEachOnce() {
    List<String> done = new ArrayList<>();
    Undo.register(() -> done.add("first"));
    Undo second = Undo.register(() -> done.add("second"));
    Undo.register(() -> done.add("third"));
    second.run();
    Undo.allThen(() -> done.add("exit"));
    second.run();
    assertEquals(List.of("second", "third", "first", "exit"), done);
  }

  @Test
  void leavesWhatWasCancelled() {
    List<String> done = new ArrayList<>();
    Undo kept = Undo.register(() -> done.add("undone"));
    assertTrue(kept.cancel());
    assertFalse(kept.cancel());
    Undo.allThen(() -> done.add("exit"));
    assertEquals(List.of("exit"), done);
  }

  @Test
  void theEndWaitsUntilWhatIsBeingMadeIsRegistered() throws InterruptedException {
    List<String> done = new ArrayList<>();
    CountDownLatch made = new CountDownLatch(1);
    Thread end =
        new Thread(
            () -> {
              await(made);
              Undo.allThen(() -> done.add("exit"));
            });
    end.start();
    Undo.step(
        () -> {
          made.countDown();
          while (end.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
          }
          return Undo.register(() -> done.add("undone"));
        });
    end.join();
    assertEquals(List.of("undone", "exit"), done);
  }

  @Test
  void theEndWaitsForWhatIsJustBeingUndone() throws InterruptedException {
    List<String> done = new CopyOnWriteArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    Undo undo =
        Undo.register(
            () -> {
              begun.countDown();
              await(mayGoOn);
              done.add("undone");
            });
    Thread closing = new Thread(undo);
    closing.start();
    await(begun);
    Thread end = new Thread(() -> Undo.allThen(() -> done.add("exit")));
    end.start();
    while (end.getState() != Thread.State.TIMED_WAITING
        && end.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
    mayGoOn.countDown();
    closing.join();
    end.join();
    assertEquals(List.of("undone", "exit"), done);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
