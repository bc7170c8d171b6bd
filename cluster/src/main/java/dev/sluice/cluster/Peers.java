package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The actors of the other nodes, found by the nodes' addresses. */
final class Peers {
  private final ActorSystem<?> system;
  private final Map<NodeId, ActorRef<NodeCommand>> known = new TreeMap<>();

  Peers(ActorSystem<?> system) {
    this.system = system;
  }

  void retain(Collection<NodeId> nodes) {
    known.keySet().retainAll(nodes);
  }

  /** The actor of a node, which need not answer. */
  ActorRef<NodeCommand> of(NodeId node) {
    return known.computeIfAbsent(
        node,
        any ->
            ActorRefResolver.get(system)
                .resolveActorRef("akka://" + system.name() + "@" + node.node() + "/user/node"));
  }
}
