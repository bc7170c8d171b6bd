package dev.sluice.cluster;

import dev.sluice.fleet.cluster.FleetCluster.Metric;
import java.util.ArrayList;
import java.util.List;

/** The numbers of a node as metrics. */
final class ClusterMetrics {
  private ClusterMetrics() {}

  static List<Metric> of(Shared shared) {
    Shared.Counts counts = shared.counts();
    List<Metric> rows = new ArrayList<>();
    counts
        .membersByStatus()
        .forEach(
            (status, count) ->
                rows.add(
                    gauge(
                        "sluice_cluster_members",
                        "Nodes of the cluster as this one sees them.",
                        "status=\"" + status + "\"",
                        count)));
    counts
        .relaysByNode()
        .forEach(
            (node, count) ->
                rows.add(
                    gauge(
                        "sluice_placed_relays",
                        "Relays with one owner, by their owners.",
                        "node=\"" + node + "\"",
                        count)));
    rows.add(
        gauge(
            "sluice_cluster_serving",
            "Whether this node may own relays.",
            "",
            shared.mayServe() ? 1 : 0));
    rows.add(
        gauge(
            "sluice_cluster_file_version",
            "The version that runs here.",
            "",
            (double) counts.file()));
    rows.add(
        counter(
            "sluice_moves_total",
            "Relays that came here from other nodes.",
            (double) counts.moves()));
    rows.add(
        counter(
            "sluice_failovers_total",
            "Relays that came here from lost nodes.",
            (double) counts.failovers()));
    rows.add(
        gauge(
            "sluice_failover_seconds",
            "From the last sign of the lost node to the start here, last time.",
            "",
            counts.lastFailover()));
    rows.add(
        counter(
            "sluice_pauses_total",
            "Times that this node stood still.",
            (double) shared.pauses.sums().count()));
    rows.add(
        new Metric(
            "sluice_pause_seconds_total",
            "counter",
            "Seconds that it stood still.",
            "",
            shared.pauses.sums().total()));
    rows.add(
        gauge(
            "sluice_pause_seconds_max",
            "The longest time of these.",
            "",
            shared.pauses.sums().longest()));
    return rows;
  }

  private static Metric gauge(String name, String help, String labels, double value) {
    return new Metric(name, "gauge", help, labels, value);
  }

  private static Metric counter(String name, String help, double value) {
    return new Metric(name, "counter", help, "", value);
  }
}
