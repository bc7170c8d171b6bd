package dev.sluice.fleet.run;

import dev.sluice.fleet.file.Export;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.pool.Pool;
import dev.sluice.fleet.pool.PoolStatus;
import dev.sluice.fleet.pool.Pools;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What relays and pools knew when the process ran last: each takes its part once, when it comes.
 * Used on the {@link FleetSupervisor}'s thread only.
 */
final class FleetMemory {
  private final Map<String, FleetSnapshot.Relay> relays = new HashMap<>();
  private final Map<String, FleetSnapshot.Pool> pools = new HashMap<>();

  void remember(FleetSnapshot snapshot) {
    relays.putAll(snapshot.relays());
    pools.putAll(snapshot.pools());
  }

  void restore(ManagedRelay relay) {
    FleetSnapshot.Relay before = relays.remove(relay.definition.name());
    if (before != null) {
      relay.stoppedByHand = before.stopped();
      relay.faultsByHand = before.faults();
      relay.counters.restore(before);
    }
  }

  void restore(Pools all) {
    for (Pool pool : all.all()) {
      FleetSnapshot.Pool before = pools.remove(pool.definition().name());
      if (before != null) {
        pool.restore(before);
      }
    }
  }

  /** What is to be kept. */
  static FleetSnapshot snapshot(Fleet fleet, Collection<ManagedRelay> all, Pools pools) {
    Map<String, FleetSnapshot.Relay> relays = new LinkedHashMap<>();
    for (ManagedRelay relay : all) {
      if (!relay.removed) {
        FleetStatus.Sums sums = relay.counters.sums();
        relays.put(
            relay.definition.name(),
            new FleetSnapshot.Relay(
                relay.stoppedByHand,
                relay.faultsByHand,
                sums.started(),
                sums.failed(),
                sums.connectFailures(),
                sums.leftToRight(),
                sums.rightToLeft(),
                sums.restarts()));
      }
    }
    Map<String, String> added = new LinkedHashMap<>();
    for (RelayDefinition relay : fleet.relays().values()) {
      if (relay.origin().equals(Origin.RUNTIME)) {
        added.put(relay.name(), Export.json(relay));
      }
    }
    Map<String, FleetSnapshot.Pool> kept = new LinkedHashMap<>();
    for (Pool pool : pools.all()) {
      kept.put(pool.definition().name(), snapshot(pool));
    }
    return new FleetSnapshot(relays, added, kept);
  }

  private static FleetSnapshot.Pool snapshot(Pool pool) {
    Map<String, String> down = new LinkedHashMap<>();
    Map<String, FleetSnapshot.Counts> counts = new LinkedHashMap<>();
    for (PoolStatus.MemberStatus member : pool.status().members()) {
      if (member.state() == PoolStatus.State.DOWN) {
        down.put(member.name(), member.reason());
      }
      counts.put(member.name(), new FleetSnapshot.Counts(member.started(), member.failures()));
    }
    return new FleetSnapshot.Pool(pool.edits(), down, counts);
  }
}
