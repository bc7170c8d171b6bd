package dev.sluice.cluster;

import dev.sluice.cluster.Rendezvous.Candidate;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which node is to own which relay, as far as this node knows the others. All nodes that know the
 * same come to the same. Plain values.
 */
final class Placer {
  private final Map<String, RelayDefinition> relays = new LinkedHashMap<>();
  private Map<String, String> moves = Map.of();
  private List<Candidate> candidates = List.of();
  private Map<String, String> owners = Map.of();

  /** Takes the relays that have one owner. */
  void fleet(Fleet fleet) {
    relays.clear();
    for (RelayDefinition relay : fleet.relays().values()) {
      if (relay.placement().isOwned() && !relay.origin().equals(Origin.RUNTIME)) {
        relays.put(relay.name(), relay);
      }
    }
    compute();
  }

  /** Takes what was moved by hand: relays and their nodes. */
  void moves(Map<String, String> byHand) {
    moves = Map.copyOf(byHand);
    compute();
  }

  /** Takes the nodes that may own relays. */
  void candidates(List<Candidate> some) {
    if (!some.equals(candidates)) {
      candidates = List.copyOf(some);
      compute();
    }
  }

  private void compute() {
    Map<String, String> result = new TreeMap<>();
    Map<String, Map<String, Integer>> spread = new HashMap<>();
    for (RelayDefinition relay : relays.values()) {
      String owner = owner(relay, spread);
      if (owner != null) {
        result.put(relay.name(), owner);
      }
    }
    owners = result;
  }

  private @Nullable String owner(RelayDefinition relay, Map<String, Map<String, Integer>> spread) {
    Placement placement = relay.placement();
    String moved = moves.get(relay.name());
    if (moved != null
        && candidates.stream()
            .anyMatch(one -> one.node().equals(moved) && placement.matches(one.labels()))) {
      return moved;
    }
    if (placement.spread().isEmpty()) {
      return Rendezvous.owner(relay.name(), placement, candidates);
    }
    return spreadOwner(relay, placement.spread().get(), spread);
  }

  /** The best node among those whose label has the fewest relays of the same group so far. */
  private @Nullable String spreadOwner(
      RelayDefinition relay, String label, Map<String, Map<String, Integer>> spread) {
    Map<String, Integer> counts =
        spread.computeIfAbsent(relay.group().orElse("") + "\0" + label, any -> new HashMap<>());
    List<Candidate> matching =
        candidates.stream().filter(one -> relay.placement().matches(one.labels())).toList();
    int fewest =
        matching.stream()
            .mapToInt(one -> counts.getOrDefault(one.labels().getOrDefault(label, ""), 0))
            .min()
            .orElse(0);
    List<Candidate> best = new ArrayList<>();
    for (Candidate one : matching) {
      if (counts.getOrDefault(one.labels().getOrDefault(label, ""), 0) == fewest) {
        best.add(one);
      }
    }
    String owner = Rendezvous.owner(relay.name(), relay.placement(), best);
    for (Candidate one : best) {
      if (one.node().equals(owner)) {
        counts.merge(one.labels().getOrDefault(label, ""), 1, Integer::sum);
      }
    }
    return owner;
  }

  boolean hasAddresses() {
    return relays.values().stream().anyMatch(one -> one.placement().address().isPresent());
  }

  boolean knows(String relay) {
    return relays.containsKey(relay);
  }

  boolean isOne(String relay) {
    RelayDefinition definition = relays.get(relay);
    return definition != null && definition.placement().kind() == Placement.Kind.ONE;
  }

  /** The relays that have an owner at a time. */
  Map<String, RelayDefinition> relays() {
    return relays;
  }

  /** The node that is to own a relay; null when none matches. */
  @Nullable String owner(String relay) {
    return owners.get(relay);
  }

  /** The relays that this node is to own. */
  Set<String> of(String node) {
    Set<String> names = new TreeSet<>();
    owners.forEach(
        (relay, owner) -> {
          if (owner.equals(node)) {
            names.add(relay);
          }
        });
    return names;
  }
}
