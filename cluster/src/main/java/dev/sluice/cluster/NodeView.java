package dev.sluice.cluster;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.Member;
import dev.sluice.cluster.Rendezvous.Candidate;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.RelayDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a node says of the whole cluster, as trees for JSON. */
final class NodeView {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private NodeView() {}

  /** How a member is: what Akka calls it, or unreachable, or joining while it is too few. */
  static String status(Membership membership, NodeId node) {
    Member member = membership.members().get(node);
    String status =
        member == null ? "removed" : member.status().toString().toLowerCase(Locale.ROOT);
    return membership.unreachable().contains(node) && status.equals("up") ? "unreachable" : status;
  }

  /** Everything; the other nodes have a second to tell the states of their relays. */
  static CompletionStage<Map<String, @Nullable Object>> of(
      ActorSystem<?> system,
      ClusterSettings settings,
      LocalFleet fleet,
      NodeId self,
      Membership membership,
      Claims claims,
      Handover handover,
      Placer placer,
      Map<String, String> moves,
      Peers peers,
      FleetFile file,
      Pauses pauses,
      @Nullable String suspended) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    Wire.Document running = file.running();
    view.put("name", settings.name());
    view.put("node", self.node());
    view.put("joined", membership.isUp(self));
    view.put("owns_nothing_since", suspended);
    view.put("version", running.version());
    view.put("applied_on", running.author());
    view.put("applied", Instant.ofEpochMilli(running.time()).toString());
    view.put("problem", file.problem());
    view.put("moves", handover.moves());
    view.put("failovers", handover.failovers());
    view.put("last_failover_seconds", handover.lastFailover());
    view.put("longest_failover_seconds", handover.longestFailover());
    view.put("pauses", pauses.sums().count());
    view.put("longest_pause_seconds", pauses.sums().longest());
    Map<String, Map<String, @Nullable Object>> relays = relays(handover, placer, moves);
    view.put("nodes", nodes(self, membership, claims, file));
    CompletableFuture<Void> all =
        fleet
            .states()
            .toCompletableFuture()
            .thenAccept(
                states -> states.forEach((relay, state) -> add(relays, relay, self, state)));
    for (NodeId node : membership.members().keySet()) {
      if (!node.equals(self) && membership.isUp(node) && !membership.unreachable().contains(node)) {
        CompletableFuture<Wire.States> asked =
            AskPattern.<NodeCommand, Wire.States>ask(
                    peers.of(node), Wire.AskStates::new, PATIENCE, system.scheduler())
                .toCompletableFuture();
        all =
            all.thenCombine(
                asked.exceptionally(failure -> new Wire.States(node, Map.of())),
                (before, states) -> {
                  states.states().forEach((relay, state) -> add(relays, relay, node, state));
                  return null;
                });
      }
    }
    return all.thenApply(
        done -> {
          view.put("relays", new ArrayList<>(relays.values()));
          return view;
        });
  }

  private static List<Object> nodes(
      NodeId self, Membership membership, Claims claims, FleetFile file) {
    List<Object> nodes = new ArrayList<>();
    membership
        .members()
        .forEach(
            (node, member) -> {
              Candidate candidate = Membership.candidate(member);
              Wire.Report report = claims.of(node);
              boolean isSelf = node.equals(self);
              Map<String, @Nullable Object> row = new LinkedHashMap<>();
              row.put("node", node.node());
              row.put("self", isSelf);
              row.put("status", status(membership, node));
              row.put("draining", report != null && report.draining());
              row.put("weight", candidate.weight());
              row.put("labels", candidate.labels());
              row.put(
                  "owns",
                  isSelf ? claims.held().size() : report == null ? 0 : report.held().size());
              row.put(
                  "version",
                  isSelf ? file.running().version() : report == null ? 0 : report.file());
              nodes.add(row);
            });
    return nodes;
  }

  private static Map<String, Map<String, @Nullable Object>> relays(
      Handover handover, Placer placer, Map<String, String> moves) {
    Map<String, Map<String, @Nullable Object>> relays = new TreeMap<>();
    for (RelayDefinition relay : placer.relays().values()) {
      NodeId holder = handover.holder(relay.name());
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("name", relay.name());
      row.put("place", relay.placement().kind().text());
      row.put("owner", holder == null ? null : holder.node());
      row.put("wanted", placer.owner(relay.name()));
      row.put("moved_to", moves.get(relay.name()));
      row.put("last_failover_seconds", handover.lastFailover(relay.name()));
      row.put("states", new TreeMap<String, String>());
      relays.put(relay.name(), row);
    }
    return relays;
  }

  private static void add(
      Map<String, Map<String, @Nullable Object>> relays, String relay, NodeId node, String state) {
    Map<String, @Nullable Object> row =
        relays.computeIfAbsent(
            relay,
            name -> {
              Map<String, @Nullable Object> fresh = new LinkedHashMap<>();
              fresh.put("name", name);
              fresh.put("place", "everywhere");
              fresh.put("states", new TreeMap<String, String>());
              return fresh;
            });
    if (row.get("states") instanceof TreeMap<?, ?> states) {
      @SuppressWarnings("unchecked") // it was made above
      TreeMap<String, String> texts = (TreeMap<String, String>) states;
      texts.put(node.node(), state);
    }
  }
}
