package dev.sluice.fleet.cluster;

import dev.sluice.catalog.Address;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.RelayDefinition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The cluster that a fleet is part of, as the fleet sees it. Thread-safe; nothing blocks. */
public interface FleetCluster {
  /** Makes one; found by {@link java.util.ServiceLoader}. */
  interface Provider {
    /**
     * A node that has not joined yet; what it kept at its last run has been read.
     *
     * @throws IOException when what it kept can't be read, or certificates can't
     */
    FleetCluster create(ClusterSettings settings, LocalFleet fleet) throws IOException;
  }

  /**
   * What became of a fleet that was published.
   *
   * @param version the number it got; when it was refused, the one that holds
   * @param refusal why it was refused; null when it was not
   */
  record Verdict(long version, @Nullable String refusal) {}

  /** One row of metrics; {@code labels} as they stand between the braces. */
  record Metric(String name, String type, String help, String labels, double value) {}

  /** The shared part of the fleet that ran at the end of the last run, if any. */
  Optional<String> kept();

  /**
   * Joins; until it could, it keeps trying.
   *
   * @param shared the shared part of the fleet that runs
   */
  void join(String shared);

  /** The fleet with what the cluster adds for itself. */
  Fleet prepared(Fleet fleet);

  /** Where sessions of a relay of {@code place = via} go. */
  Address route(RelayDefinition relay, Address right);

  /** Takes note of what runs now. */
  void running(Fleet fleet);

  /** Takes note of the address that a relay listens on. */
  void bound(String relay, @Nullable String address);

  /** Whether a relay that only this node may run can take a session now. */
  boolean mayServe();

  /** Has a fleet hold for all nodes. */
  CompletionStage<Verdict> publish(String shared);

  /** Nodes, owners and counters, as a tree for JSON. */
  CompletionStage<Map<String, @Nullable Object>> view();

  /** The owner of a relay as this node knows it; null when there is none. */
  @Nullable String owner(String relay);

  /** What is to be shown among the metrics; the rows of one name stand together. */
  List<Metric> metrics();

  /**
   * Does what somebody asks by hand: {@code drain NODE}, {@code undrain NODE}, {@code move RELAY
   * NODE}, {@code unmove RELAY}, {@code down NODE}.
   *
   * @return what was done; fails with an {@link IllegalArgumentException} that says why not
   */
  CompletionStage<String> command(List<String> words);

  /** Hands over what this node owns, then leaves. */
  CompletionStage<?> leave();
}
