package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CpuPlacementTest {
  private static final long MILLISECOND = 1_000_000;

  private final BitSet home = Cpus.allowed();
  private final AtomicReferenceArray<@Nullable CpuPlacement> holders =
      new AtomicReferenceArray<>(Cpus.CAPACITY);
  private final CpuPlacement first = new CpuPlacement(holders);
  private final CpuPlacement second = new CpuPlacement(holders);

  @BeforeEach
  void startsAtHome() {
    assertFalse(home.isEmpty());
  }

  @AfterEach
  void comesHome() {
    assertTrue(Cpus.allow(home));
  }

  @Test
  void theSecondOnAProcessorIsToldAndTheFirstIsNot() {
    assertFalse(first.isShared(0, 0));
    assertTrue(second.isShared(0, MILLISECOND));
    assertFalse(first.isShared(0, MILLISECOND));
    assertTrue(second.isShared(0, 2 * MILLISECOND));
  }

  @Test
  void processorsOfTheirOwnAreNotShared() {
    assertFalse(first.isShared(0, 0));
    assertFalse(second.isShared(1, 0));
    assertFalse(first.isShared(0, MILLISECOND));
    assertTrue(first.isShared(1, MILLISECOND), "where the second is");
  }

  @Test
  void whoWentElsewhereOrSleepsHoldsNothing() {
    assertFalse(first.isShared(0, 0));
    assertFalse(first.isShared(1, MILLISECOND));
    assertFalse(second.isShared(0, MILLISECOND));
    assertFalse(second.isShared(1, 10 * MILLISECOND), "the first has not been busy since");
  }

  @Test
  void leavesASharedProcessorAndMayComeBackLater() {
    assumeTrue(home.cardinality() > 1, "one processor");
    int here = shareProcessor();
    assertFalse(Cpus.allowed().get(here));
    assertTrue(Cpus.current() != here);
    while (second.sleepMillis() >= 0) {
      Thread.onSpinWait();
    }
    assertEquals(home, Cpus.allowed());
  }

  @Test
  void whoIsBusyMayComeBackToo() {
    assumeTrue(home.cardinality() > 1, "one processor");
    shareProcessor();
    while (!Cpus.allowed().equals(home)) {
      second.busy();
    }
    assertEquals(-1, second.sleepMillis());
  }

  @Test
  void comesBackAtOnceWhenTold() {
    assumeTrue(home.cardinality() > 1, "one processor");
    shareProcessor();
    second.comeBack();
    assertEquals(home, Cpus.allowed());
    assertEquals(-1, second.sleepMillis());
  }

  @Test
  void staysOnItsOnlyProcessor() {
    int here = Cpus.current();
    BitSet only = new BitSet();
    only.set(here);
    assertTrue(Cpus.allow(only));
    first.isShared(here, System.nanoTime());
    second.busy();
    assertEquals(-1, second.sleepMillis());
    assertEquals(only, Cpus.allowed());
  }

  /** Until the second has left: the kernel may have moved the thread, or others have held it up. */
  private int shareProcessor() {
    int here;
    do {
      here = Cpus.current();
      first.isShared(here, System.nanoTime());
      second.busy();
    } while (second.sleepMillis() < 0);
    return here;
  }
}
