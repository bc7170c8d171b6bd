package dev.sluice.fleet.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Balance;
import dev.sluice.fleet.model.PoolDefinition.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which members of a pool are taken for up, and what a change of the file keeps. */
class PoolHealthTest extends PoolFixture {
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
}
