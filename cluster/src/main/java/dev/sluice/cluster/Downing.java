package dev.sluice.cluster;

import akka.cluster.Member;
import akka.cluster.typed.Down;
import dev.sluice.log.RelayLog;
import java.util.Set;

/** Downs nodes whose process is gone for certain, so that nobody waits for them. */
final class Downing {
  private final NodeParts node;
  private final Deaths deaths;

  Downing(NodeParts node, Deaths deaths) {
    this.node = node;
    this.deaths = deaths;
  }

  /** Downs each node that two nodes found dead, or the only one that is left. */
  void downTheDead() {
    for (NodeId id : deaths.dead()) {
      Member member = node.membership().members().get(id);
      if (member != null && !node.membership().isDown(id) && isConfirmed(id)) {
        RelayLog.ofProcess().warning("cluster: node " + id + " is gone: its host refuses its port");
        node.cluster().manager().tell(new Down(member.address()));
      }
    }
  }

  private boolean isConfirmed(NodeId dead) {
    Set<NodeId> others = node.others();
    others.remove(dead);
    others.removeIf(node.membership()::isDown);
    return others.isEmpty()
        || others.stream()
            .filter(other -> !deaths.isDead(other))
            .map(node.claims()::of)
            .anyMatch(report -> report != null && report.refused().contains(dead));
  }
}
