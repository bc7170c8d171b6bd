package dev.sluice.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What sessions and requests read of a node while its actor writes. Thread-safe. */
final class Shared {
  /**
   * Where sessions of a relay go.
   *
   * @param node the owner
   * @param here whether that is this node
   * @param door the owner's port for it, if it is another node; 0 when it is not known yet
   */
  record Route(String node, boolean here, int door) {}

  final Pauses pauses;
  private volatile boolean serving;
  private volatile Map<String, Route> routes = Map.of();
  private volatile Counts counts = Counts.NONE;

  Shared(Pauses pauses) {
    this.pauses = pauses;
  }

  /** Numbers for metrics. */
  record Counts(
      Map<String, Integer> membersByStatus,
      Map<String, Integer> relaysByNode,
      long moves,
      long failovers,
      double lastFailover,
      double longestFailover,
      long file) {
    static final Counts NONE = new Counts(Map.of(), Map.of(), 0, 0, 0, 0, 0);
  }

  void serving(boolean is) {
    serving = is;
  }

  /** Whether this node may serve what only one node may. */
  boolean mayServe() {
    return serving && !pauses.holds();
  }

  void routes(Map<String, Route> now) {
    routes = now;
  }

  @Nullable Route route(String relay) {
    return routes.get(relay);
  }

  void counts(Counts now) {
    counts = now;
  }

  Counts counts() {
    return counts;
  }
}
