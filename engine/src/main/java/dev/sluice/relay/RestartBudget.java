package dev.sluice.relay;

import dev.sluice.option.RestartPolicy;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Keeps count of a relay's restarts, so that there are no more of them than its {@link
 * RestartPolicy} grants. Not thread-safe.
 */
final class RestartBudget {
  private final RestartPolicy policy;
  private final LongSupplier nanoClock;
  private final ArrayDeque<Long> restarts = new ArrayDeque<>(1);
  private int inARow;

  RestartBudget(RestartPolicy policy, LongSupplier nanoClock) {
    this.policy = policy;
    this.nanoClock = nanoClock;
  }

  /** Whether to begin again after that end; if so, it is counted. */
  boolean grants(Outcome outcome) {
    if (!policy.appliesTo(outcome.status())) {
      return false;
    }
    long now = nanoClock.getAsLong();
    while (!restarts.isEmpty() && now - restarts.peekFirst() >= policy.window().toNanos()) {
      restarts.removeFirst();
    }
    if (restarts.size() >= policy.budget()) {
      return false;
    }
    restarts.addLast(now);
    inARow = outcome.status() == 0 ? 0 : inARow + 1;
    return true;
  }

  /** Failed runs since one that ended well, for backing off. */
  int failuresInARow() {
    return inARow;
  }
}
