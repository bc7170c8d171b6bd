package dev.sluice.fleet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which change has which class. */
class FleetPlanTest {
  private static final RelayDefinition WEB =
      new RelayDefinition(
          "web",
          "TCP-LISTEN:80,fork",
          "TCP:a:{secret:s}",
          List.of("-T", "60"),
          Optional.empty(),
          new TreeMap<>(),
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

  private record Edit(
      String left,
      String right,
      List<String> options,
      Optional<String> group,
      boolean enabled,
      int maxSessions,
      boolean keepalive,
      OnChange onChange) {
    RelayDefinition made() {
      return new RelayDefinition(
          "web",
          left,
          right,
          options,
          group,
          new TreeMap<>(),
          enabled,
          maxSessions,
          Limits.NONE,
          List.of(),
          Optional.empty(),
          keepalive,
          Retry.DEFAULT,
          onChange,
          WEB.drain(),
          Placement.EVERYWHERE,
          new Origin("g", 2));
    }
  }

  private static RelayDefinition with(UnaryOperator<Edit> edit) {
    return edit.apply(
            new Edit(
                WEB.left(),
                WEB.right(),
                WEB.options(),
                WEB.group(),
                WEB.enabled(),
                WEB.maxSessions(),
                WEB.keepalive(),
                WEB.onChange()))
        .made();
  }

  private static Fleet fleet(String secret, RelayDefinition... relays) {
    Map<String, RelayDefinition> all = new LinkedHashMap<>();
    for (RelayDefinition relay : relays) {
      all.put(relay.name(), relay);
    }
    return new Fleet(
        all,
        Map.of(),
        new Secrets(Map.of("s", secret)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(
            FleetPlan.Kind.SOURCE,
            "left",
            with(
                e ->
                    new Edit(
                        "TCP-LISTEN:81,fork",
                        e.right,
                        e.options,
                        e.group,
                        true,
                        0,
                        true,
                        e.onChange))),
        Arguments.of(
            FleetPlan.Kind.TARGET,
            "right",
            with(e -> new Edit(e.left, "TCP:b:1", e.options, e.group, true, 0, true, e.onChange))),
        Arguments.of(
            FleetPlan.Kind.TARGET,
            "options",
            with(
                e ->
                    new Edit(
                        e.left, e.right, List.of("-T", "5"), e.group, true, 0, true, e.onChange))),
        Arguments.of(
            FleetPlan.Kind.SOURCE,
            "options",
            with(
                e -> new Edit(e.left, e.right, List.of("-u"), e.group, true, 0, true, e.onChange))),
        Arguments.of(
            FleetPlan.Kind.SOURCE,
            "keepalive",
            with(e -> new Edit(e.left, e.right, e.options, e.group, true, 0, false, e.onChange))),
        Arguments.of(
            FleetPlan.Kind.SOFT,
            "max-sessions",
            with(e -> new Edit(e.left, e.right, e.options, e.group, true, 9, true, e.onChange))),
        Arguments.of(
            FleetPlan.Kind.SOFT,
            "enabled",
            with(e -> new Edit(e.left, e.right, e.options, e.group, false, 0, true, e.onChange))),
        Arguments.of(
            FleetPlan.Kind.SOFT,
            "on-change",
            with(
                e ->
                    new Edit(
                        e.left, e.right, e.options, e.group, true, 0, true, new OnChange.Cut()))),
        Arguments.of(
            FleetPlan.Kind.SOFT,
            "group",
            with(
                e ->
                    new Edit(
                        e.left, e.right, e.options, Optional.of("g"), true, 0, true, e.onChange))));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeHasTheClassOfWhatDiffers(FleetPlan.Kind kind, String key, RelayDefinition after) {
    FleetPlan plan = FleetPlan.between(fleet("x", WEB), fleet("x", after));
    FleetPlan.Change change = plan.of("web").orElseThrow();
    assertEquals(kind, change.kind());
    assertEquals(List.of(key), change.keys());
    assertEquals(0, plan.unchanged());
  }

  @Test
  void anotherLineOfTheFileIsNoChange() {
    FleetPlan plan = FleetPlan.between(fleet("x", WEB), fleet("x", with(e -> e)));
    assertTrue(plan.isEmpty());
    assertEquals("=1", plan.summary());
  }

  @Test
  void anotherValueOfASecretIsAChangeOfTheSideThatUsesIt() {
    FleetPlan plan = FleetPlan.between(fleet("x", WEB), fleet("y", WEB));
    assertEquals(FleetPlan.Kind.TARGET, plan.of("web").orElseThrow().kind());
    assertEquals(List.of("secrets of right"), plan.of("web").orElseThrow().keys());
  }

  @Test
  void relaysAddedByHandStay() {
    RelayDefinition own = WEB.at(Origin.RUNTIME);
    FleetPlan plan = FleetPlan.between(fleet("x", own), fleet("x"));
    assertEquals("=1", plan.summary());
    assertEquals("-1 =0", FleetPlan.between(fleet("x", WEB), fleet("x")).summary());
    assertEquals("+1 =0", FleetPlan.between(fleet("x"), fleet("x", WEB)).summary());
    RelayDefinition other =
        with(e -> new Edit(e.left, "TCP:b:1", e.options, e.group, true, 0, true, e.onChange));
    assertEquals("~1 target =0", FleetPlan.between(fleet("x", own), fleet("x", other)).summary());
  }
}
