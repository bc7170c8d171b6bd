package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.option.RestartPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How often a relay begins again. */
class RestartBudgetTest {
  private long now = -5;

  private RestartBudget budget(RestartPolicy policy) {
    return new RestartBudget(policy, () -> now);
  }

  @Test
  void aRestartCountsForItsWindow() {
    RestartBudget budget = budget(RestartPolicy.onFailure().atMost(2, Duration.ofNanos(10)));
    assertTrue(budget.grants(Outcome.FAILED));
    now += 6;
    assertTrue(budget.grants(Outcome.FAILED));
    now += 3;
    assertFalse(budget.grants(Outcome.FAILED), "two in the last 10");
    now += 1;
    assertTrue(budget.grants(Outcome.FAILED), "the first is 10 old");
    assertFalse(budget.grants(Outcome.FAILED));
  }

  @Test
  void anEndThatThePolicyDoesNotMeanCostsNothing() {
    RestartBudget budget = budget(RestartPolicy.onFailure().atMost(1, Duration.ofNanos(10)));
    assertFalse(budget.grants(Outcome.OK));
    assertTrue(budget.grants(Outcome.PROGRAM_FAILED));
  }

  @Test
  void failuresCountUntilAGoodEnd() {
    RestartBudget budget = budget(RestartPolicy.always());
    budget.grants(Outcome.FAILED);
    budget.grants(Outcome.FAILED);
    assertEquals(2, budget.failuresInARow());
    budget.grants(Outcome.OK);
    assertEquals(0, budget.failuresInARow());
  }

  @Test
  void neverIsNever() {
    assertFalse(budget(RestartPolicy.never()).grants(Outcome.FAILED));
  }
}
