package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AnticipationTest {
  private final Anticipation anticipation = new Anticipation();

  private void waits(int count, long nanos) {
    for (int i = 0; i < count; i++) {
      anticipation.waited(nanos);
    }
  }

  @Test
  void anExpectationIsForOneWait() {
    assertFalse(anticipation.takeExpectation());
    anticipation.expect();
    assertTrue(anticipation.takeExpectation());
    assertFalse(anticipation.takeExpectation());
  }

  @Test
  void lookingIsWorthItAfterEnoughShortWaits() {
    waits(Anticipation.ENOUGH - 1, 1000);
    assertFalse(anticipation.isWorthLooking());
    waits(1, Anticipation.PATIENCE - 1);
    assertTrue(anticipation.isWorthLooking());
  }

  @Test
  void aLongWaitEndsIt() {
    waits(2 * Anticipation.ENOUGH, 1000);
    waits(1, Anticipation.PATIENCE);
    assertFalse(anticipation.isWorthLooking());
    waits(Anticipation.ENOUGH - 1, 1000);
    assertFalse(anticipation.isWorthLooking());
    waits(1, 1000);
    assertTrue(anticipation.isWorthLooking());
  }
}
