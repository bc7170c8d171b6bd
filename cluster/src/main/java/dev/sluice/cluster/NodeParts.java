package dev.sluice.cluster;

import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.ActorContext;
import akka.cluster.typed.Cluster;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/**
 * What a node is made of. Its actor alone uses these, but for {@link Shared}.
 *
 * @param self this node
 * @param blocking runs what may block
 */
record NodeParts(
    NodeId self,
    Cluster cluster,
    ClusterSettings settings,
    LocalFleet fleet,
    Shared shared,
    FleetFile file,
    Membership membership,
    Claims claims,
    Placer placer,
    Handover handover,
    Peers peers,
    Executor blocking) {

  /** Makes them for a node that owns nothing yet. */
  static NodeParts of(
      ActorContext<NodeCommand> context,
      ClusterSettings settings,
      LocalFleet fleet,
      Shared shared,
      FleetFile file,
      Addresses addresses) {
    Cluster cluster = Cluster.get(context.getSystem());
    NodeId self = NodeId.of(cluster.selfMember());
    Membership membership = new Membership(self, ClusterConfig.margin(settings.profile()));
    Claims claims = new Claims(self);
    Placer placer = new Placer();
    Handover handover =
        new Handover(
            self,
            claims,
            placer,
            membership,
            fleet,
            (placing, alive) -> context.getSelf().tell(new NodeCommand.Lingering(placing, alive)),
            addresses,
            relays -> context.getSelf().tell(new NodeCommand.GivenBack(relays)));
    return new NodeParts(
        self,
        cluster,
        settings,
        fleet,
        shared,
        file,
        membership,
        claims,
        placer,
        handover,
        new Peers(context.getSystem()),
        context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()));
  }

  /** All other members, the unreachable ones too. */
  Set<NodeId> others() {
    Set<NodeId> others = new TreeSet<>(membership.members().keySet());
    others.remove(self);
    return others;
  }

  /** Asks Akka again who is a member; whether anything is different. */
  boolean updateMembership() {
    return membership.update(cluster.state(), System.nanoTime());
  }

  /** Stops all relays that have one owner, and gives their addresses back. */
  void stopAll() {
    fleet.place(Set.of(), alive -> {});
    handover.giveAllBack();
  }
}
