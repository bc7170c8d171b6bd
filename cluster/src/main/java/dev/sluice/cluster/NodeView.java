package dev.sluice.cluster;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.Member;
import dev.sluice.cluster.Rendezvous.Candidate;
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

  private final NodeParts node;
  private final Map<String, String> moves;
  private final Map<String, Map<String, @Nullable Object>> relays = new TreeMap<>();

  /**
   * Makes one.
   *
   * @param moves the nodes of relays that were moved by hand
   */
  NodeView(NodeParts node, Map<String, String> moves) {
    this.node = node;
    this.moves = moves;
  }

  /** How a member is: what Akka calls it, or unreachable, or joining while it is too few. */
  static String status(Membership membership, NodeId node) {
    Member member = membership.members().get(node);
    String status =
        member == null ? "removed" : member.status().toString().toLowerCase(Locale.ROOT);
    return membership.unreachable().contains(node) && status.equals("up") ? "unreachable" : status;
  }

  /**
   * Everything; the other nodes have a second to tell the states of their relays.
   *
   * @param suspended why this node owns nothing for now; null when it may own relays
   * @param result gets it
   */
  void tell(
      ActorSystem<?> system,
      @Nullable String suspended,
      CompletableFuture<Map<String, @Nullable Object>> result) {
    Map<String, @Nullable Object> view = summary(suspended);
    listRelays();
    view.put("nodes", nodes());
    CompletionStage<Void> all =
        node.fleet()
            .states()
            .thenAccept(states -> states.forEach((relay, state) -> add(relay, node.self(), state)));
    for (NodeId id : node.others()) {
      if (node.membership().isUp(id) && !node.membership().unreachable().contains(id)) {
        all = all.thenCombine(asked(system, id), (before, states) -> added(id, states));
      }
    }
    all.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            view.put("relays", new ArrayList<>(relays.values()));
            result.complete(view);
          } else {
            result.completeExceptionally(failure);
          }
        });
  }

  private Map<String, @Nullable Object> summary(@Nullable String suspended) {
    Wire.Document running = node.file().running();
    Handover handover = node.handover();
    Pauses.Sums pauses = node.shared().pauses.sums();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", node.settings().name());
    view.put("node", node.self().node());
    view.put("joined", node.membership().isUp(node.self()));
    view.put("owns_nothing_since", suspended);
    view.put("version", running.version());
    view.put("applied_on", running.author());
    view.put("applied", Instant.ofEpochMilli(running.time()).toString());
    view.put("problem", node.file().problem());
    view.put("moves", handover.moves());
    view.put("failovers", handover.failovers());
    view.put("last_failover_seconds", handover.lastFailover());
    view.put("longest_failover_seconds", handover.longestFailover());
    view.put("pauses", pauses.count());
    view.put("longest_pause_seconds", pauses.longest());
    return view;
  }

  /** The states of a node's relays; none if it does not answer in time. */
  private CompletionStage<Wire.States> asked(ActorSystem<?> system, NodeId id) {
    return AskPattern.<NodeCommand, Wire.States>ask(
            node.peers().of(id), Wire.AskStates::new, PATIENCE, system.scheduler())
        .exceptionally(failure -> new Wire.States(id, Map.of()));
  }

  private @Nullable Void added(NodeId id, Wire.States states) {
    states.states().forEach((relay, state) -> add(relay, id, state));
    return null;
  }

  private List<Object> nodes() {
    List<Object> nodes = new ArrayList<>();
    node.membership()
        .members()
        .forEach(
            (id, member) -> {
              Candidate candidate = Membership.candidate(member);
              Wire.Report report = node.claims().of(id);
              boolean isSelf = id.equals(node.self());
              Map<String, @Nullable Object> row = new LinkedHashMap<>();
              row.put("node", id.node());
              row.put("self", isSelf);
              row.put("status", status(node.membership(), id));
              row.put("draining", report != null && report.draining());
              row.put("weight", candidate.weight());
              row.put("labels", candidate.labels());
              row.put(
                  "owns",
                  isSelf ? node.claims().held().size() : report == null ? 0 : report.held().size());
              row.put(
                  "version",
                  isSelf ? node.file().running().version() : report == null ? 0 : report.file());
              nodes.add(row);
            });
    return nodes;
  }

  private void listRelays() {
    Handover handover = node.handover();
    for (RelayDefinition relay : node.placer().relays().values()) {
      NodeId holder = handover.holder(relay.name());
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("name", relay.name());
      row.put("place", relay.placement().kind().text());
      row.put("owner", holder == null ? null : holder.node());
      row.put("wanted", node.placer().owner(relay.name()));
      row.put("moved_to", moves.get(relay.name()));
      row.put("last_failover_seconds", handover.lastFailover(relay.name()));
      row.put("states", new TreeMap<String, String>());
      relays.put(relay.name(), row);
    }
  }

  private void add(String relay, NodeId id, String state) {
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
      texts.put(id.node(), state);
    }
  }
}
