package dev.sluice.fleet.run;

import dev.sluice.fault.Fault;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.pool.PoolStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What holds in a fleet at one moment.
 *
 * @param version counts what was applied; a plan is made against one
 * @param file the file that it came from
 * @param applied when that was
 * @param relays by name, in the order of the file
 * @param pools by name
 */
public record FleetStatus(
    long version, String file, Instant applied, List<RelayStatus> relays, List<PoolStatus> pools) {
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
   * @param faults what its sessions suffer on purpose
   * @param faultsByHand whether those were set by hand
   * @param sums its counters
   * @param pool where its sessions go, if that is a pool
   */
  public record RelayStatus(
      RelayDefinition definition,
      RelayState state,
      Instant since,
      @Nullable String listening,
      @Nullable Long retryIn,
      boolean byHand,
      List<Fault> faults,
      boolean faultsByHand,
      Sums sums,
      @Nullable PoolStatus pool) {
    /**
     * Whether it is bound, and its upstream answers: a member of its pool by the last check, or
     * else whatever its last session went to.
     */
    public boolean isReady() {
      if (state != RelayState.RUNNING) {
        return false;
      }
      if (pool != null && pool.definition().check().isPresent()) {
        return pool.isReady();
      }
      return !isUpstreamFailing();
    }

    /** Whether it wants to run and something is in its way. */
    public boolean isFailing() {
      boolean isDown = state == RelayState.RUNNING && isUpstreamFailing();
      return isDown || state == RelayState.RETRYING;
    }

    private boolean isUpstreamFailing() {
      if (pool != null && (!pool.isServing() || pool.definition().check().isPresent())) {
        return !pool.isServing();
      }
      return sums.upstream() == Upstream.FAILING;
    }

    /** What is to be shown of its upstream: {@code ok}, or how many members of a pool are up. */
    public String upstream() {
      if (pool == null) {
        return sums.upstream().name().toLowerCase(Locale.ROOT);
      }
      long serving = pool.members().stream().filter(PoolStatus.MemberStatus::isServing).count();
      return serving + "/" + pool.members().size();
    }

    /** Why it is failing, as far as that is known. */
    public @Nullable String why() {
      return state == RelayState.RUNNING && pool != null && !pool.isServing()
          ? pool.reason()
          : sums.lastError();
    }
  }

  /** What was done by hand and stays, a line each. */
  public List<String> byHand() {
    List<String> lines = new ArrayList<>();
    for (RelayStatus relay : relays) {
      if (relay.definition().origin().equals(Origin.RUNTIME)) {
        lines.add("relay " + relay.definition().name() + ": added");
      }
      if (relay.faultsByHand()) {
        String name = relay.definition().name();
        lines.add("relay " + name + ": " + new FleetEvent.Faulted(name, relay.faults()).text());
      }
      if (relay.byHand()) {
        lines.add("relay " + relay.definition().name() + ": " + relay.state().text());
      }
    }
    for (PoolStatus pool : pools) {
      for (PoolStatus.MemberStatus member : pool.members()) {
        if (!member.edit().equals(MemberEdit.NONE)) {
          lines.add(
              "pool "
                  + pool.definition().name()
                  + ", member "
                  + member.name()
                  + ": "
                  + member.edit());
        }
      }
    }
    return lines;
  }
}
