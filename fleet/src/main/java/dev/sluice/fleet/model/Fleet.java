package dev.sluice.fleet.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Many relays, by name. Immutable.
 *
 * @param relays in the order in which they were written
 * @param pools in the order in which they were written
 * @param secrets values that their addresses use
 * @param admin where the admin API listens, if the file says so
 * @param snapshot where counters, health and what was done by hand are kept, if the file says so
 * @param cluster the cluster that the fleet is part of, if the file says so
 */
public record Fleet(
    Map<String, RelayDefinition> relays,
    Map<String, PoolDefinition> pools,
    Secrets secrets,
    Optional<AdminSettings> admin,
    Optional<SnapshotSettings> snapshot,
    Optional<ClusterSettings> cluster) {
  public static final Fleet EMPTY =
      new Fleet(
          Map.of(), Map.of(), Secrets.NONE, Optional.empty(), Optional.empty(), Optional.empty());

  public Fleet {
    relays = Collections.unmodifiableMap(new LinkedHashMap<>(relays));
    pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
  }

  /** The same pools with other relays. */
  public Fleet with(Map<String, RelayDefinition> others) {
    return new Fleet(others, pools, secrets, admin, snapshot, cluster);
  }

  /** The same relays, with what the other one says of its node. */
  public Fleet onNodeOf(Fleet other) {
    return new Fleet(relays, pools, secrets, other.admin, other.snapshot, other.cluster);
  }
}
