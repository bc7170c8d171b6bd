package dev.sluice.cluster;

import akka.cluster.Member;
import dev.sluice.cluster.Rendezvous.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which nodes count, for whom. Used on the node's actor only. */
record Eligible(NodeParts node, Departure departure, Deaths deaths) {

  /** The nodes that may get relays: those that give none away. */
  List<Candidate> forRelays() {
    List<Candidate> candidates = new ArrayList<>();
    for (NodeId id : node.membership().up()) {
      Wire.Report report = node.claims().of(id);
      boolean isGiving =
          id.equals(node.self())
              ? departure.isGiving()
              : report != null && (report.draining() || report.leaving());
      Member member = node.membership().members().get(id);
      if (!isGiving && member != null) {
        candidates.add(Membership.candidate(member));
      }
    }
    return candidates;
  }

  /** The nodes that may hold a relay: all but those whose process is gone for certain. */
  Set<NodeId> holders(Set<NodeId> known) {
    Set<NodeId> holders = new TreeSet<>(known);
    holders.removeIf(id -> node.membership().isDown(id) && deaths.isDead(id));
    return holders;
  }
}
