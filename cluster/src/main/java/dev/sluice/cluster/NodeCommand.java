package dev.sluice.cluster;

import akka.cluster.ClusterEvent;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.Replicator;
import dev.sluice.fleet.cluster.FleetCluster.Verdict;
import dev.sluice.fleet.model.Fleet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a {@link NodeActor} is told; what other nodes tell it is in {@link Wire}. */
interface NodeCommand {
  enum Tick implements NodeCommand {
    NOW
  }

  /** Membership has changed. */
  record Changed(ClusterEvent.ClusterDomainEvent event) implements NodeCommand {}

  record DataChanged(Replicator.SubscribeResponse<LWWRegister<Wire>> response)
      implements NodeCommand {}

  record FileRuns(Wire.Document document) implements NodeCommand {}

  record GivenBack(Set<String> relays) implements NodeCommand {}

  record Lingering(int placing, Set<String> alive) implements NodeCommand {}

  record Published(Wire.@Nullable Answer answer, CompletableFuture<Verdict> result)
      implements NodeCommand {}

  /** The fleet of this node is another one. */
  record Running(Fleet fleet) implements NodeCommand {}

  /** A door listens there, or no longer. */
  record Door(String relay, int port) implements NodeCommand {}

  record Publish(String shared, CompletableFuture<Verdict> result) implements NodeCommand {}

  record View(CompletableFuture<Map<String, @Nullable Object>> result) implements NodeCommand {}

  record Move(String relay, @Nullable String node, CompletableFuture<String> result)
      implements NodeCommand {}

  /** Drain, take up again, or down a node, by its name. */
  record ByHand(String verb, String node, CompletableFuture<String> result)
      implements NodeCommand {}

  /** Hand over, then leave. */
  enum Depart implements NodeCommand {
    NOW
  }
}
