package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.cluster.Rendezvous.Candidate;
import dev.sluice.fleet.model.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Relays are spread by weight, and few of them move. */
class RendezvousTest {
  private static final int RELAYS = 1000;

  private static Candidate candidate(int number, int weight) {
    return new Candidate(
        "10.0.0." + number + ":7355", new TreeMap<>(Map.of("zone", "z" + number)), weight);
  }

  private static List<Candidate> candidates(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(number -> candidate(number, 100)).toList();
  }

  private static Map<String, String> owners(List<Candidate> candidates) {
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < RELAYS; i++) {
      owners.put("relay-" + i, Rendezvous.owner("relay-" + i, Placement.EVERYWHERE, candidates));
    }
    return owners;
  }

  private static long count(Map<String, String> owners, Candidate of) {
    return owners.values().stream().filter(of.node()::equals).count();
  }

  @Test
  void aNodeThatComesTakesItsShareAndNothingElseMoves() {
    for (int count = 1; count < 6; count++) {
      Map<String, String> before = owners(candidates(count));
      Map<String, String> after = owners(candidates(count + 1));
      Candidate fresh = candidate(count + 1, 100);
      long moved =
          before.entrySet().stream()
              .filter(one -> !one.getValue().equals(after.get(one.getKey())))
              .count();
      assertEquals(count(after, fresh), moved);
      assertTrue(moved <= RELAYS / (count + 1) + RELAYS * 5 / 100, count + ": " + moved);
      assertTrue(moved >= RELAYS / (count + 1) - RELAYS * 5 / 100, count + ": " + moved);
    }
  }

  @Test
  void weightsDecideOnShares() {
    List<Candidate> some = new ArrayList<>(candidates(2));
    some.add(candidate(3, 200));
    some.add(candidate(4, 0));
    Map<String, String> owners = owners(some);
    long share = count(owners, some.get(2));
    assertTrue(share >= 450 && share <= 550, "share " + share);
    assertEquals(0, count(owners, some.get(3)));
  }

  @Test
  void onlyNodesWithTheLabelsAreChosen() {
    Placement placement =
        new Placement(
            Placement.Kind.ONE,
            new TreeMap<>(Map.of("zone", "z2")),
            Optional.empty(),
            Optional.empty());
    assertEquals("10.0.0.2:7355", Rendezvous.owner("a", placement, candidates(3)));
    assertNull(Rendezvous.owner("a", placement, candidates(1)));
  }
}
