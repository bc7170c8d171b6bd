package dev.sluice.fleet.pool;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Balance;
import dev.sluice.fleet.model.PoolDefinition.Check;
import dev.sluice.fleet.model.PoolDefinition.Member;
import dev.sluice.fleet.model.PoolDefinition.Passive;
import dev.sluice.spec.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Pools in a time that is the test's own; their members are names. */
abstract class PoolFixture {
  static final Address ANY =
      Objects.requireNonNull(Catalog.load().read("TCP:127.0.0.1:1", true, new Problems())).first();

  static final Check CHECK =
      new Check(
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          3,
          2,
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  final List<String> news = new ArrayList<>();

  long now = 1_000_000_000;

  static Member member(String name, int weight) {
    return new Member(name, "TCP:" + name + ":1", weight, false, false);
  }

  static Member backup(String name) {
    return new Member(name, "TCP:" + name + ":1", 1, true, false);
  }

  static PoolDefinition definition(Balance balance, Member... members) {
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

  static PoolDefinition checked(PoolDefinition of) {
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

  static PoolDefinition with(PoolDefinition of, Optional<Duration> sticky, Duration slowStart) {
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

  static List<PoolTarget> targets(PoolDefinition definition) {
    return definition.members().stream().map(one -> new PoolTarget(one.name(), one, ANY)).toList();
  }

  Pool pool(PoolDefinition definition) {
    return new Pool(definition, targets(definition), () -> now, (pool, text) -> news.add(text));
  }

  static Pool.Lease next(Pool pool, String client) {
    Pool.Lease lease = pool.next(client, Set.of());
    assertNotNull(lease);
    return lease;
  }

  /** A session of that client begins and ends; who had it. */
  static String served(Pool pool, String client) {
    Pool.Lease lease = next(pool, client);
    lease.connected();
    lease.end();
    return lease.member();
  }

  static PoolStatus.MemberStatus status(Pool pool, String name) {
    return pool.status().members().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  void wait(Duration time) {
    now += time.toNanos();
  }
}
