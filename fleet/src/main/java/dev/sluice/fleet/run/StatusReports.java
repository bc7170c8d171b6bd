package dev.sluice.fleet.run;

import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.pool.Pool;
import dev.sluice.fleet.pool.PoolStatus;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetProtocol.SessionStatus;
import dev.sluice.transfer.TransferDirection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How relays, pools and sessions are, for those who ask. On the supervisor's thread. */
record StatusReports(Pools keptPools) {
  /** The pools, by name. */
  Map<String, PoolStatus> pools() {
    Map<String, PoolStatus> pools = new LinkedHashMap<>();
    for (Pool pool : keptPools.all()) {
      PoolStatus status = pool.status();
      pools.put(status.definition().name(), status);
    }
    return pools;
  }

  List<FleetStatus.RelayStatus> relays(Collection<ManagedRelay> relays) {
    Map<String, PoolStatus> pools = pools();
    List<FleetStatus.RelayStatus> all = new ArrayList<>(relays.size());
    for (ManagedRelay relay : relays) {
      all.add(relay(relay, pools));
    }
    return List.copyOf(all);
  }

  private static FleetStatus.RelayStatus relay(ManagedRelay relay, Map<String, PoolStatus> pools) {
    Duration next = relay.nextAttempt;
    return new FleetStatus.RelayStatus(
        relay.definition,
        relay.state(),
        relay.since(),
        relay.listening,
        next == null ? null : next.toMillis(),
        relay.stoppedByHand,
        relay.faults.now(),
        relay.faultsByHand.isPresent(),
        relay.counters.sums(),
        pool(relay.definition, pools));
  }

  private static @Nullable PoolStatus pool(RelayDefinition relay, Map<String, PoolStatus> pools) {
    if (!pools.isEmpty()) {
      for (String name : PoolDefinition.usedBy(relay)) {
        PoolStatus pool = pools.get(name);
        if (pool != null) {
          return pool;
        }
      }
    }
    return null;
  }

  /** The sessions of a relay, by number. */
  List<SessionStatus> sessions(ManagedRelay relay) {
    return relay.counters.sessions().stream()
        .sorted(Comparator.comparingLong(session -> session.number))
        .map(this::session)
        .toList();
  }

  private SessionStatus session(RelayCounters.Session session) {
    return new SessionStatus(
        session.number,
        session.peer(),
        session.since,
        session.isConnected(),
        keptPools.memberOf(session.number),
        session.plan(),
        session.bytes(TransferDirection.LEFT_TO_RIGHT),
        session.bytes(TransferDirection.RIGHT_TO_LEFT));
  }
}
