package dev.sluice.fleet.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Balance;
import dev.sluice.fleet.model.PoolDefinition.Check;
import dev.sluice.fleet.model.PoolDefinition.Member;
import dev.sluice.fleet.model.PoolDefinition.Passive;
import dev.sluice.spec.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the next session. Time is the test's own; members are names. */
class PoolTest {
  private static final Address ANY =
      Objects.requireNonNull(Catalog.load().read("TCP:127.0.0.1:1", true, new Problems())).first();

  private static final Check CHECK =
      new Check(
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          3,
          2,
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  private final List<String> news = new ArrayList<>();
  private long now = 1_000_000_000;

  private static Member member(String name, int weight) {
    return new Member(name, "TCP:" + name + ":1", weight, false, false);
  }

  private static Member backup(String name) {
    return new Member(name, "TCP:" + name + ":1", 1, true, false);
  }

  private static PoolDefinition definition(Balance balance, Member... members) {
    return new PoolDefinition(
        "p",
        List.of(members),
        balance,
        Optional.empty(),
        Duration.ZERO,
        Duration.ofSeconds(1),
        Optional.empty(),
        new Passive(1, Duration.ofSeconds(10)),
        new Origin("f", 1));
  }

  private static PoolDefinition checked(PoolDefinition of) {
    return new PoolDefinition(
        of.name(),
        of.members(),
        of.balance(),
        of.sticky(),
        of.slowStart(),
        of.connectTimeout(),
        Optional.of(CHECK),
        of.passive(),
        of.origin());
  }

  private static PoolDefinition with(
      PoolDefinition of, Optional<Duration> sticky, Duration slowStart) {
    return new PoolDefinition(
        of.name(),
        of.members(),
        of.balance(),
        sticky,
        slowStart,
        of.connectTimeout(),
        of.check(),
        of.passive(),
        of.origin());
  }

  private static List<PoolTarget> targets(PoolDefinition definition) {
    return definition.members().stream().map(one -> new PoolTarget(one.name(), one, ANY)).toList();
  }

  private Pool pool(PoolDefinition definition) {
    return new Pool(definition, targets(definition), () -> now, (pool, text) -> news.add(text));
  }

  private static Pool.Lease next(Pool pool, String client) {
    Pool.Lease lease = pool.next(client, Set.of());
    assertNotNull(lease);
    return lease;
  }

  /** A session of that client begins and ends; who had it. */
  private static String served(Pool pool, String client) {
    Pool.Lease lease = next(pool, client);
    lease.connected();
    lease.end();
    return lease.member();
  }

  private static PoolStatus.MemberStatus status(Pool pool, String name) {
    return pool.status().members().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void wait(Duration time) {
    now += time.toNanos();
  }

  // --- properties, for pools made at random

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void roundRobinServesAsWeightsSayInEveryCycle(long seed) {
    Random random = new Random(seed);
    Member[] members = new Member[1 + random.nextInt(8)];
    int total = 0;
    for (int i = 0; i < members.length; i++) {
      members[i] = member("m" + i, 1 + random.nextInt(9));
      total += members[i].weight();
    }
    Pool pool = pool(definition(Balance.ROUND_ROBIN, members));
    for (int cycle = 0; cycle < 5; cycle++) {
      Map<String, Integer> counts = new HashMap<>();
      for (int i = 0; i < total; i++) {
        counts.merge(served(pool, ""), 1, Integer::sum);
      }
      for (Member one : members) {
        assertEquals(one.weight(), counts.get(one.name()), one.name());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void leastSessionsNeverTakesABusierMemberForItsWeight(long seed) {
    Random random = new Random(seed);
    Member[] members = new Member[2 + random.nextInt(6)];
    for (int i = 0; i < members.length; i++) {
      members[i] = member("m" + i, 1 + random.nextInt(5));
    }
    Pool pool = pool(definition(Balance.LEAST_SESSIONS, members));
    List<Pool.Lease> alive = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Pool.Lease lease = next(pool, "");
      PoolStatus.MemberStatus chosen = status(pool, lease.member());
      double load = (double) chosen.active() / chosen.weight();
      for (PoolStatus.MemberStatus other : pool.status().members()) {
        assertTrue(
            other.name().equals(chosen.name())
                || load <= (double) (other.active() + 1) / other.weight() + 1e-9,
            () -> chosen + " was taken before " + other);
      }
      alive.add(lease);
      while (!alive.isEmpty() && random.nextBoolean()) {
        alive.remove(random.nextInt(alive.size())).end();
      }
    }
    alive.forEach(Pool.Lease::end);
    assertTrue(pool.status().members().stream().allMatch(one -> one.active() == 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aHashMovesOnlyTheClientsOfAMemberThatIsGone(long seed) {
    Random random = new Random(seed);
    Member[] members = new Member[3 + random.nextInt(6)];
    int total = 0;
    for (int i = 0; i < members.length; i++) {
      members[i] = member("m" + i, 1 + random.nextInt(4));
      total += members[i].weight();
    }
    Pool pool = pool(definition(Balance.HASH, members));
    Map<String, String> before = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String client = "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + i;
      before.put(client, served(pool, client));
      counts.merge(before.get(client), 1, Integer::sum);
    }
    for (Member one : members) {
      double wanted = 20_000.0 * one.weight() / total;
      assertEquals(wanted, counts.getOrDefault(one.name(), 0), wanted * 0.15, one.name());
    }
    String gone = members[random.nextInt(members.length)].name();
    pool.edit(gone::equals, null, MemberEdit.Mode.DRAIN);
    before.forEach(
        (client, member) -> {
          String after = served(pool, client);
          assertTrue(member.equals(gone) ? !after.equals(gone) : after.equals(member), client);
        });
  }

  @ParameterizedTest
  @EnumSource(Balance.class)
  void aSessionTriesEachMemberOnceAndThoseThatAreUpFirst(Balance balance) {
    Random random = new Random(balance.ordinal());
    for (int round = 0; round < 200; round++) {
      Member[] members =
          Stream.concat(
                  Stream.of(0, 1, 2, 3).map(i -> member("m" + i, 1 + random.nextInt(3))),
                  Stream.of(backup("b0"), backup("b1")))
              .toArray(Member[]::new);
      Pool pool = pool(checked(definition(balance, members)));
      Set<String> down = new HashSet<>();
      for (Member one : members) {
        if (random.nextBoolean()) {
          pool.checkedBadly(one.name(), "refused");
          down.add(one.name());
        }
      }
      List<String> order = new ArrayList<>();
      Set<String> tried = new HashSet<>();
      for (Pool.Lease lease = pool.next("c", tried); lease != null; lease = pool.next("c", tried)) {
        assertTrue(tried.add(lease.member()), lease.member());
        order.add(lease.member());
        lease.end();
      }
      assertEquals(6, order.size());
      List<Integer> ranks =
          order.stream()
              .map(name -> (down.contains(name) ? 2 : 0) + (name.startsWith("b") ? 1 : 0))
              .toList();
      assertEquals(ranks.stream().sorted().toList(), ranks, order::toString);
    }
  }

  // --- health

  @Test
  void theFirstCheckDecidesAndThenItTakesFallAndRise() {
    Pool pool = pool(checked(definition(Balance.ROUND_ROBIN, member("a", 1), member("b", 1))));
    assertEquals(PoolStatus.State.UNKNOWN, status(pool, "a").state());
    assertFalse(pool.status().isReady());
    pool.checkedBadly("a", "refused");
    assertEquals("refused", status(pool, "a").reason());
    pool.checkedWell("b", Duration.ofMillis(3));
    assertTrue(pool.status().isReady());
    pool.checkedWell("a", Duration.ofMillis(3));
    assertEquals(PoolStatus.State.DOWN, status(pool, "a").state());
    pool.checkedWell("a", Duration.ofMillis(3));
    assertEquals(PoolStatus.State.UP, status(pool, "a").state());
    pool.checkedBadly("a", "x");
    pool.checkedBadly("a", "x");
    pool.checkedWell("a", Duration.ofMillis(3));
    pool.checkedBadly("a", "x");
    pool.checkedBadly("a", "x");
    assertEquals(PoolStatus.State.UP, status(pool, "a").state());
    pool.checkedBadly("a", "x");
    assertEquals(PoolStatus.State.DOWN, status(pool, "a").state());
    assertEquals(
        List.of("member a is down: refused", "member a is up again", "member a is down: x"), news);
  }

  @Test
  void whatSessionsTookDownComesBackAfterTwoChecks() {
    Pool pool = pool(checked(definition(Balance.ROUND_ROBIN, member("a", 1), member("b", 1))));
    pool.checkedWell("a", Duration.ZERO);
    pool.checkedWell("b", Duration.ZERO);
    pool.checkedWell("a", Duration.ZERO);
    Pool.Lease lease = next(pool, "");
    lease.failed("reset");
    assertEquals(PoolStatus.State.DOWN, status(pool, lease.member()).state());
    pool.checkedWell(lease.member(), Duration.ZERO);
    assertEquals(PoolStatus.State.DOWN, status(pool, lease.member()).state());
    pool.checkedWell(lease.member(), Duration.ZERO);
    assertEquals(PoolStatus.State.UP, status(pool, lease.member()).state());
  }

  @Test
  void withoutChecksOneSessionNowAndThenTriesAMemberThatIsDown() {
    Pool pool = pool(definition(Balance.ROUND_ROBIN, member("a", 1), member("b", 1)));
    Pool.Lease first = next(pool, "");
    String broken = first.member();
    first.failed("refused");
    for (int i = 0; i < 10; i++) {
      assertFalse(served(pool, "").equals(broken));
    }
    wait(Duration.ofSeconds(11));
    List<String> tries = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Pool.Lease lease = next(pool, "");
      tries.add(lease.member());
      if (lease.member().equals(broken)) {
        lease.failed("refused");
      } else {
        lease.connected();
        lease.end();
      }
    }
    assertEquals(1, tries.stream().filter(broken::equals).count(), tries::toString);
    wait(Duration.ofSeconds(11));
    while (!served(pool, "").equals(broken)) {
      assertTrue(pool.status().members().stream().mapToLong(m -> m.started()).sum() < 100);
    }
    assertEquals(PoolStatus.State.UP, status(pool, broken).state());
  }

  @Test
  void aMemberThatIsBackGetsItsShareSlowly() {
    Pool pool =
        pool(
            with(
                checked(definition(Balance.ROUND_ROBIN, member("a", 1), member("b", 1))),
                Optional.empty(),
                Duration.ofSeconds(100)));
    pool.checkedWell("a", Duration.ZERO);
    pool.checkedBadly("b", "down");
    pool.checkedWell("b", Duration.ZERO);
    pool.checkedWell("b", Duration.ZERO);
    wait(Duration.ofSeconds(20));
    assertEquals(167, servedByB(pool, 1000), 20); // 0.2 of 1.2
    wait(Duration.ofSeconds(100));
    assertEquals(500, servedByB(pool, 1000), 20);
  }

  private static int servedByB(Pool pool, int count) {
    int served = 0;
    for (int i = 0; i < count; i++) {
      served += served(pool, "").equals("b") ? 1 : 0;
    }
    return served;
  }

  // --- clients

  @Test
  void aStickyClientKeepsItsMemberUntilThatIsDownOrTheTimeIsOver() {
    Pool pool =
        pool(
            with(
                checked(definition(Balance.ROUND_ROBIN, member("a", 1), member("b", 1))),
                Optional.of(Duration.ofMinutes(10)),
                Duration.ZERO));
    String own = served(pool, "c");
    for (int i = 0; i < 9; i++) {
      assertEquals(own, served(pool, "c"));
      served(pool, "d" + i);
    }
    pool.checkedBadly(own, "down");
    String other = served(pool, "c");
    assertFalse(own.equals(other));
    pool.checkedWell(own, Duration.ZERO);
    pool.checkedWell(own, Duration.ZERO);
    for (int i = 0; i < 9; i++) {
      assertEquals(other, served(pool, "c"));
    }
    wait(Duration.ofMinutes(11));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      seen.add(served(pool, "c"));
      wait(Duration.ofMinutes(11));
    }
    assertEquals(2, seen.size());
  }

  @Test
  void manyClientsAreForgottenInTime() {
    StickyClients clients = new StickyClients();
    for (int i = 0; i < StickyClients.MOST + 100; i++) {
      clients.remember("c" + i, "a", 0);
    }
    assertEquals(StickyClients.MOST, clients.size());
    assertNull(clients.memberOf("c0", Duration.ofDays(1), 0));
    assertEquals("a", clients.memberOf("c" + StickyClients.MOST, Duration.ofDays(1), 0));
  }

  // --- changes

  @Test
  void stateSurvivesAChangeAndIsForgottenWithTheAddress() {
    PoolDefinition before = checked(definition(Balance.HASH, member("a", 1), member("b", 1)));
    Pool pool = pool(before);
    pool.checkedBadly("a", "refused");
    Pool.Lease old = next(pool, "");
    old.connected();
    pool.edit("b"::equals, 7, null);
    PoolDefinition after =
        checked(definition(Balance.ROUND_ROBIN, member("a", 5), member("b", 3), member("c", 1)));
    pool.update(after, targets(after));
    assertEquals(PoolStatus.State.DOWN, status(pool, "a").state());
    assertEquals(5, status(pool, "a").weight());
    assertEquals(7, status(pool, "b").weight());
    assertEquals(1, status(pool, "b").active());
    Member moved = new Member("a", "TCP:elsewhere:1", 1, false, false);
    PoolDefinition other = checked(definition(Balance.ROUND_ROBIN, moved, member("c", 1)));
    pool.update(other, targets(other));
    assertEquals(PoolStatus.State.UNKNOWN, status(pool, "a").state());
    old.end(); // of a member that is gone
    PoolDefinition again = checked(definition(Balance.ROUND_ROBIN, member("b", 3)));
    pool.update(again, targets(again));
    assertEquals(7, status(pool, "b").weight());
    assertEquals(0, status(pool, "b").active());
  }

  @Test
  void aMemberWithoutWeightOrInDrainGetsNothing() {
    Pool pool =
        pool(
            definition(
                Balance.ROUND_ROBIN, member("a", 0), member("b", 1), member("c", 1), backup("d")));
    assertEquals(List.of("b"), pool.edit("b"::equals, null, MemberEdit.Mode.DRAIN));
    assertEquals(List.of("c"), pool.edit("c"::equals, null, MemberEdit.Mode.DISABLED));
    assertEquals("d", served(pool, ""));
    assertEquals(List.of("d"), pool.edit("d"::equals, 0, null));
    assertNull(pool.next("", Set.of()));
    assertEquals("no member may have sessions", pool.status().reason());
    assertEquals(1, pool.status().refused());
    pool.edit(name -> true, -1, MemberEdit.Mode.READY);
    assertTrue(pool.edits().isEmpty());
    assertFalse(served(pool, "").equals("d"));
  }

  @Test
  void threadsLoseNoSession() throws Exception {
    Pool pool =
        pool(definition(Balance.LEAST_SESSIONS, member("a", 2), member("b", 1), backup("c")));
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  Pool.Lease lease = next(pool, "c" + i);
                  if (i % 7 == 0) {
                    lease.failed("x");
                  } else {
                    lease.connected();
                    lease.end();
                  }
                  lease.end(); // a second end counts for nothing
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(pool.status().members().stream().allMatch(one -> one.active() == 0));
    long all =
        pool.status().members().stream().mapToLong(one -> one.started() + one.failures()).sum();
    assertEquals(20_000, all);
  }
}
