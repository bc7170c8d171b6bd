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
        .forEach((status, count) -> rows.add(members("status=\"" + status + "\"", count)));
    counts
        .relaysByNode()
        .forEach((node, count) -> rows.add(placed("node=\"" + node + "\"", count)));
    rows.add(serving(shared.mayServe()));
    rows.addAll(moves(counts));
    rows.addAll(pauses(shared.pauses.sums()));
    return rows;
  }

  private static Metric members(String labels, int count) {
    return gauge(
        "sluice_cluster_members", "Nodes of the cluster as this one sees them.", labels, count);
  }

  private static Metric placed(String labels, int count) {
    return gauge("sluice_placed_relays", "Relays with one owner, by their owners.", labels, count);
  }

  private static Metric serving(boolean isServing) {
    return gauge(
        "sluice_cluster_serving", "Whether this node may own relays.", "", isServing ? 1 : 0);
  }

  private static List<Metric> moves(Shared.Counts counts) {
    return List.of(
        gauge(
            "sluice_cluster_file_version",
            "The version that runs here.",
            "",
            (double) counts.file()),
        counter(
            "sluice_moves_total",
            "Relays that came here from other nodes.",
            (double) counts.moves()),
        counter(
            "sluice_failovers_total",
            "Relays that came here from lost nodes.",
            (double) counts.failovers()),
        gauge(
            "sluice_failover_seconds",
            "From the last sign of the lost node to the start here, last time.",
            "",
            counts.lastFailover()));
  }

  private static List<Metric> pauses(Pauses.Sums sums) {
    return List.of(
        counter("sluice_pauses_total", "Times that this node stood still.", (double) sums.count()),
        counter("sluice_pause_seconds_total", "Seconds that it stood still.", sums.total()),
        gauge("sluice_pause_seconds_max", "The longest time of these.", "", sums.longest()));
  }

  private static Metric gauge(String name, String help, String labels, double value) {
    return new Metric(name, "gauge", help, labels, value);
  }

  private static Metric counter(String name, String help, double value) {
    return new Metric(name, "counter", help, "", value);
  }
}
