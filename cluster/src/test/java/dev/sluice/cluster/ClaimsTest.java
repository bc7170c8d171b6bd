package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No relay is held twice, whatever nodes believe and however late messages come. */
class ClaimsTest {
  private static final List<String> RELAYS = List.of("a", "b", "c");

  private record Party(NodeId node, Claims claims, List<Wire.Report> inbox) {}

  private static NodeId node(int number) {
    return new NodeId("10.0.0." + number + ":7355", number);
  }

  private static Wire.Report report(NodeId self, Claims claims) {
    return new Wire.Report(
        self,
        claims.number(),
        claims.acknowledged(),
        claims.held(),
        claims.wants(),
        Map.of(),
        Set.of(),
        false,
        false,
        0);
  }

  @Test
  void aRelayIsTakenOnceAllOthersHaveSeenTheWish() {
    Claims first = new Claims(node(1));
    Claims second = new Claims(node(2));
    first.heard(report(node(2), second));
    first.want(Set.of("a"));
    assertEquals(Set.of(), first.take(Set.of(node(2))));
    second.heard(report(node(1), first));
    first.heard(new Wire.Beat(node(2), second.number(), second.acknowledged()));
    assertEquals(Set.of("a"), first.take(Set.of(node(2))));
    assertTrue(first.holds("a"));

    second.want(Set.of("a"));
    second.heard(report(node(1), first));
    first.heard(report(node(2), second));
    second.heard(report(node(1), first));
    assertEquals(Set.of(), second.take(Set.of(node(1))));
    first.release(Set.of("a"));
    second.heard(report(node(1), first));
    assertEquals(Set.of("a"), second.take(Set.of(node(1))));
  }

  @Test
  void aNodeThatNobodyHeardOfIsWaitedFor() {
    Claims claims = new Claims(node(1));
    claims.want(Set.of("a"));
    assertEquals(Set.of(), claims.take(Set.of(node(2))));
    assertEquals(Set.of("a"), claims.take(Set.of()));
  }

  @Test
  void anOldReportChangesNothing() {
    Claims claims = new Claims(node(1));
    Claims other = new Claims(node(2));
    Wire.Report old = report(node(2), other);
    other.renew();
    claims.heard(report(node(2), other));
    claims.heard(old);
    assertFalse(claims.heard(new Wire.Beat(node(2), old.number(), Map.of())));
    assertEquals(other.number(), claims.acknowledged().get(node(2)));
  }

  /** Messages are delayed, and each node changes its mind at any time about what it is to own. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noRelayIsHeldTwice(long seed) {
    Random random = new Random(seed);
    int count = 2 + random.nextInt(3);
    List<Party> all = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      all.add(new Party(node(i), new Claims(node(i)), new ArrayList<>()));
    }
    int taken = 0;
    for (int step = 0; step < 20_000; step++) {
      Party self = all.get(random.nextInt(count));
      Claims own = self.claims;
      switch (random.nextInt(40)) {
        case 0 -> {
          Set<String> wanted = new TreeSet<>(RELAYS.subList(0, random.nextInt(4)));
          wanted.removeAll(own.held());
          own.want(wanted);
        }
        case 1 -> own.release(RELAYS.subList(0, random.nextInt(4)));
        case 2, 3, 4, 5, 6, 7, 8, 9 -> {
          for (Party other : all) {
            if (!other.node.equals(self.node) && random.nextInt(5) > 0) {
              other.inbox.add(report(self.node, own));
            }
          }
        }
        default -> {
          List<Wire.Report> inbox = self.inbox;
          for (int n = random.nextInt(6); n > 0 && !inbox.isEmpty(); n--) {
            own.heard(inbox.remove(0));
          }
        }
      }
      Set<NodeId> others = new TreeSet<>();
      all.stream().filter(one -> !one.node.equals(self.node)).forEach(one -> others.add(one.node));
      taken += own.take(others).size();
      for (String relay : RELAYS) {
        assertTrue(
            all.stream().filter(one -> one.claims.holds(relay)).count() <= 1,
            relay + " is held twice after step " + step);
      }
    }
    assertTrue(taken > 20, "only " + taken + " were taken");
  }
}
