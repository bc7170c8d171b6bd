package dev.sluice.fleet.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.fleet.model.Limits;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Retry;
import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.FleetStatus.RelayStatus;
import dev.sluice.fleet.run.FleetStatus.Sums;
import dev.sluice.fleet.run.FleetStatus.Upstream;
import dev.sluice.fleet.run.RelayState;
import dev.sluice.fleet.watch.History.Span;
import dev.sluice.fleet.watch.RelayList.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Samples, their history, and lists of relays, without a fleet. */
class WatchTest {
  private static final long SECOND = 1_000_000_000;

  private static RelayStatus relay(
      String name, @Nullable String group, RelayState state, Upstream upstream, long bytes) {
    RelayDefinition definition =
        new RelayDefinition(
            name,
            "LEFT-" + name,
            "PIPE",
            List.of(),
            Optional.ofNullable(group),
            new TreeMap<>(java.util.Map.of("tier", name.substring(0, 1))),
            true,
            0,
            Limits.NONE,
            List.of(),
            Optional.empty(),
            true,
            Retry.DEFAULT,
            new OnChange.Keep(),
            Duration.ofSeconds(30),
            Placement.EVERYWHERE,
            new Origin("f", 1));
    Sums sums = new Sums(bytes > 0 ? 1 : 0, 2, 1, 0, bytes, 2 * bytes, 0, upstream, null, null);
    return new RelayStatus(
        definition, state, Instant.EPOCH, null, null, false, List.of(), false, sums, null);
  }

  private static FleetStatus fleet(RelayStatus... relays) {
    return new FleetStatus(1, "f", Instant.EPOCH, List.of(relays), List.of());
  }

  private static Sample after(Sample before, RelayStatus... relays) {
    return Sample.of(fleet(relays), Instant.EPOCH, before.nanos() + 2 * SECOND, before);
  }

  private static Sample first(RelayStatus... relays) {
    return Sample.of(fleet(relays), Instant.EPOCH, 0, null);
  }

  private static RelayStatus running(String name, long bytes) {
    return relay(name, null, RelayState.RUNNING, Upstream.OK, bytes);
  }

  @Test
  void ratesAreWhatMovedSinceTheSampleBefore() {
    Sample sample =
        after(first(running("a", 100), running("b", 5)), running("a", 300), running("b", 5));
    assertEquals(new Sample.Rate(100, 200), sample.rate("a"));
    assertEquals(Sample.Rate.ZERO, sample.rate("b"));
    assertEquals(new Sample.Rate(100, 200), sample.total());
    assertEquals(Sample.Rate.ZERO, after(sample, running("a", 0)).rate("a"), "counters began anew");
    assertEquals(Sample.Rate.ZERO, after(sample, running("new", 9)).rate("new"));
  }

  @Test
  void manyWhoAskShareASample() {
    AtomicLong now = new AtomicLong();
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<FleetStatus> slow = new CompletableFuture<>();
    Sampler sampler =
        new Sampler(
            () -> asked.incrementAndGet() == 1 ? slow : CompletableFuture.completedStage(fleet()),
            now::get);
    var one = sampler.sample().toCompletableFuture();
    var two = sampler.sample().toCompletableFuture();
    slow.complete(fleet(running("a", 1)));
    assertSame(one.join(), two.join());
    assertSame(one.join(), sampler.sample().toCompletableFuture().join());
    assertEquals(1, asked.get());
    now.set(SECOND);
    assertEquals(0, sampler.sample().toCompletableFuture().join().status().relays().size());
    assertEquals(2, asked.get());
  }

  @Test
  void aFleetThatDoesNotAnswerIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    Sampler sampler =
        new Sampler(
            () ->
                asked.incrementAndGet() == 1
                    ? CompletableFuture.failedStage(new IllegalStateException())
                    : CompletableFuture.completedStage(fleet()),
            () -> 0);
    assertTrue(sampler.sample().toCompletableFuture().isCompletedExceptionally());
    assertTrue(!sampler.sample().toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void historyKeepsTheNewestPointsAndMeansOfFiveMinutes() {
    History history = new History();
    Sample sample = first(running("a", 0), running("idle", 0));
    for (int i = 1; i <= 300; i++) {
      sample = after(sample, running("a", 2L * sum(i)), running("idle", 0));
      history.add(sample);
    }
    History.Series minutes = history.relay("a", Span.MINUTES_15);
    assertEquals(90, minutes.right().size());
    assertEquals(300f, minutes.right().get(89));
    assertEquals(211f, minutes.right().get(0));
    assertEquals(600f, minutes.left().get(89));
    History.Series day = history.total(Span.HOURS_24);
    assertEquals(10, day.right().size());
    assertEquals(15.5f, day.right().get(0));
    assertEquals(285.5f, day.right().get(9));
    assertEquals(1f, day.sessions().get(9));
    assertTrue(history.relay("idle", Span.MINUTES_15).right().stream().allMatch(one -> one == 0));
    history.add(after(sample, running("idle", 0)));
    assertTrue(history.relay("a", Span.MINUTES_15).right().stream().allMatch(one -> one == 0));
  }

  private static long sum(long to) {
    return to * (to + 1) / 2;
  }

  private static RelayList list(String text, String state, Order order) {
    return new RelayList(text, state, order, false, Set.of(), 0, 10);
  }

  private static final RelayStatus[] SOME = {
    relay("busy", "x", RelayState.RUNNING, Upstream.OK, 900),
    relay("calm", "x", RelayState.RUNNING, Upstream.OK, 100),
    relay("down", "y", RelayState.RUNNING, Upstream.FAILING, 0),
    relay("end", null, RelayState.DRAINING, Upstream.OK, 0),
    relay("far", "y", RelayState.RETRYING, Upstream.UNKNOWN, 0),
    relay("gone", null, RelayState.STOPPED, Upstream.UNKNOWN, 0)
  };

  private static Sample some() {
    RelayStatus[] before =
        Arrays.stream(SOME)
            .map(one -> relay(one.definition().name(), null, one.state(), one.sums().upstream(), 0))
            .toArray(RelayStatus[]::new);
    return after(first(before), SOME);
  }

  private static String names(RelayList list) {
    StringBuilder names = new StringBuilder();
    for (RelayList.Row row : list.page(some()).rows()) {
      names.append(
          row instanceof RelayList.RelayRow relay
              ? relay.relay().definition().name()
              : "[" + ((RelayList.GroupRow) row).name() + "]");
      names.append(' ');
    }
    return names.toString().trim();
  }

  @Test
  void theWorstComesFirstThenWhatMoves() {
    assertEquals("down far end busy calm gone", names(list("", "", Order.WORST)));
    assertEquals("busy calm down end far gone", names(list("", "", Order.NAME)));
    assertEquals("busy calm down end far gone", names(list("", "", Order.RATE)));
    assertEquals("down far", names(list("", "failing", Order.WORST)));
    assertEquals("gone", names(list("", "stopped", Order.WORST)));
    assertEquals("busy", names(list("  LEFT-b running ", "", Order.WORST)));
    assertEquals("calm", names(list("tier=c", "", Order.WORST)));
    assertEquals("", names(list("no", "", Order.WORST)));
  }

  @Test
  void groupsAreFoldedAndPagesCut() {
    RelayList folded = new RelayList("", "", Order.WORST, true, Set.of("y"), 0, 10);
    assertEquals("[] [x] [y] down far", names(folded));
    RelayList.GroupRow y = (RelayList.GroupRow) folded.page(some()).rows().get(2);
    assertEquals(2, y.relays());
    assertEquals(2, y.failing());
    RelayList second = new RelayList("", "", Order.NAME, false, Set.of(), 4, 3);
    assertEquals("far gone", names(second));
    assertEquals(6, second.page(some()).found());
    assertEquals("", names(new RelayList("", "", Order.NAME, false, Set.of(), 100, 3)));
  }
}
