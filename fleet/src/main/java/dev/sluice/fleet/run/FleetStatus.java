package dev.sluice.fleet.run;

import dev.sluice.fleet.model.RelayDefinition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds in a fleet at one moment.
 *
 * @param version counts what was applied; a plan is made against one
 * @param file the file that it came from
 * @param applied when that was
 * @param relays by name, in the order of the file
 */
public record FleetStatus(long version, String file, Instant applied, List<RelayStatus> relays) {
  /** Whether the other end of the relay answers. */
  public enum Upstream {
    /** No session has tried yet. */
    UNKNOWN,
    OK,
    FAILING
  }

  /** Sums over the sessions until now. */
  public record Sums(
      long active,
      long started,
      long failed,
      long connectFailures,
      long leftToRight,
      long rightToLeft,
      long restarts,
      Upstream upstream,
      @Nullable String lastError,
      @Nullable Instant lastErrorAt) {}

  /**
   * One relay.
   *
   * @param definition as it was written
   * @param listening where it listens; null when it does not
   * @param retryIn milliseconds from the failure to the next attempt; null when none is planned
   * @param byHand whether it was stopped by hand
   * @param sums its counters
   */
  public record RelayStatus(
      RelayDefinition definition,
      RelayState state,
      Instant since,
      @Nullable String listening,
      @Nullable Long retryIn,
      boolean byHand,
      Sums sums) {
    /** Whether it is bound, and its last session found its upstream. */
    public boolean isReady() {
      return state == RelayState.RUNNING && sums.upstream() != Upstream.FAILING;
    }

    /** Whether it wants to run and something is in its way. */
    public boolean isFailing() {
      return state == RelayState.RETRYING
          || (state == RelayState.RUNNING && sums.upstream() == Upstream.FAILING);
    }
  }
}
