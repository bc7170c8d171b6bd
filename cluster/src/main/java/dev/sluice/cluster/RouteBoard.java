package dev.sluice.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows relays and metrics who owns what. */
final class RouteBoard {
  private RouteBoard() {}

  /** Shows what holds now. */
  static void show(NodeParts node) {
    Membership membership = node.membership();
    Handover handover = node.handover();
    Map<String, Shared.Route> routes = new HashMap<>();
    Map<String, Integer> owned = new TreeMap<>();
    for (String relay : node.placer().relays().keySet()) {
      NodeId holder = handover.holder(relay);
      if (holder != null) {
        Wire.Report report = node.claims().of(holder);
        int door = report == null ? 0 : report.doors().getOrDefault(relay, 0);
        routes.put(relay, new Shared.Route(holder.node(), holder.equals(node.self()), door));
        owned.merge(holder.node(), 1, Integer::sum);
      }
    }
    node.shared().routes(routes);
    Map<String, Integer> statuses = new TreeMap<>();
    for (String status : List.of("joining", "up", "leaving", "exiting", "down", "unreachable")) {
      statuses.put(status, 0);
    }
    membership
        .members()
        .forEach((id, member) -> statuses.merge(NodeView.status(membership, id), 1, Integer::sum));
    node.shared()
        .counts(
            new Shared.Counts(
                statuses,
                owned,
                handover.moves(),
                handover.failovers(),
                handover.lastFailover(),
                handover.longestFailover(),
                node.file().running().version()));
  }
}
