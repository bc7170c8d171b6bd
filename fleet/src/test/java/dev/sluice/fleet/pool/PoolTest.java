package dev.sluice.fleet.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.PoolDefinition.Balance;
import dev.sluice.fleet.model.PoolDefinition.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the next session of a pool. */
class PoolTest extends PoolFixture {
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
