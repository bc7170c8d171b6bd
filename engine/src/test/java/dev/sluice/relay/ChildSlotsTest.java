package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChildSlotsTest {
  private static final int PLENTY = 1_000_000;

  @Test
  void anEndTellsOnlyOfThoseWhoWereHeldBack() {
    ChildSlots slots = new ChildSlots(2, 1000);
    assertTrue(slots.tryEnter());
    assertTrue(slots.tryEnter());
    assertFalse(slots.opened());
    assertFalse(slots.opened());
    assertFalse(slots.ended());
    assertTrue(slots.tryEnter());
    assertFalse(slots.opened());
    assertFalse(slots.tryEnter());
    assertTrue(slots.ended());
    assertFalse(slots.ended());
  }

  @Test
  void zeroIsNoLimit() {
    ChildSlots slots = new ChildSlots(0, PLENTY);
    for (int i = 0; i < 10_000; i++) {
      assertTrue(slots.tryEnter());
      slots.opened();
    }
    assertFalse(slots.isFull());
  }

  @Test
  void refusesTheOneTooMany() {
    ChildSlots slots = new ChildSlots(2, PLENTY);
    assertTrue(slots.tryEnter());
    assertTrue(slots.tryEnter());
    assertTrue(slots.isFull());
    assertFalse(slots.tryEnter());
    assertEquals(2, slots.taken());
  }

  @Test
  void aRefusedPeerLeavesItsPlace() {
    ChildSlots slots = new ChildSlots(1, PLENTY);
    assertTrue(slots.tryEnter());
    slots.leave();
    assertTrue(slots.tryEnter());
  }

  @Test
  void anEndedSessionLeavesItsPlace() {
    ChildSlots slots = new ChildSlots(1, PLENTY);
    assertTrue(slots.tryEnter());
    slots.opened();
    slots.ended();
    assertEquals(0, slots.taken());
    assertTrue(slots.tryEnter());
  }

  @Test
  void nobodyEntersWhilePaused() {
    ChildSlots slots = new ChildSlots(0, PLENTY);
    slots.pause(true);
    assertFalse(slots.tryEnter());
    slots.pause(false);
    assertTrue(slots.tryEnter());
  }

  @Test
  void peersWaitWhileSessionsThatOpenNeedTheDescriptors() {
    ChildSlots slots = new ChildSlots(0, 100);
    assertTrue(slots.tryEnter());
    slots.accepted(90);
    assertFalse(slots.tryEnter(), "10 descriptors are left, and one session is opening");
    assertTrue(slots.opened(), "somebody waited for it");
    assertTrue(slots.tryEnter(), "nobody is opening now");
  }

  @Test
  void neverHoldsMoreThanItsLimitAmongThreads() throws InterruptedException {
    int limit = 7;
    ChildSlots slots = new ChildSlots(limit, PLENTY);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  if (!slots.tryEnter()) {
                    continue;
                  }
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  if (ThreadLocalRandom.current().nextBoolean()) {
                    slots.leave();
                  } else {
                    slots.opened();
                    slots.ended();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(most.get() <= limit, () -> most + " at once");
    assertEquals(0, slots.taken());
  }

  /** Each silent peer has a descriptor, and takes no room from those who open something. */
  @Test
  void silentPeersHoldUpNobody() {
    int limit = 100;
    ChildSlots slots = new ChildSlots(0, limit);
    int most = 80;
    for (int i = 0; i < most; i++) {
      assertTrue(slots.tryEnter());
      slots.accepted(i);
      slots.greeting();
    }
    assertTrue(slots.tryEnter());
    slots.opened();
    assertTrue(slots.greeted());
  }

  /** The last descriptors are for peers that have been greeted, not for more of them. */
  @Test
  void silentPeersLeaveRoomForTheGreeted() {
    int limit = 100;
    ChildSlots slots = new ChildSlots(0, limit);
    int silent = 0;
    while (slots.tryEnter()) {
      slots.accepted(silent);
      slots.greeting();
      silent++;
    }
    assertTrue(silent < limit - 4, "silent: " + silent);
    assertTrue(slots.greeted());
    assertTrue(slots.opened());
    assertFalse(slots.tryEnter());
    assertTrue(slots.notGreeted());
    slots.ended();
    assertTrue(slots.tryEnter());
  }
}
