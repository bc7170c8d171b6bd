package dev.sluice.fleet.admin;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.util.ByteString;
import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.RelayState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers about how relays and pools are, and which relays a query means. */
record StatusAnswers(FleetRunner runner) {
  /** With more relays than that, metrics are by group unless asked otherwise. */
  private static final int GROUPS_ABOVE = 1000;

  private static final ContentType OPEN_METRICS =
      ContentTypes.parse("application/openmetrics-text; version=1.0.0; charset=utf-8");

  static HttpResponse readiness(FleetStatus fleet) {
    List<String> missing =
        fleet.relays().stream()
            .filter(relay -> relay.isFailing() || isComing(relay))
            .map(relay -> relay.definition().name() + ": " + missing(relay) + "\n")
            .toList();
    return missing.isEmpty()
        ? Answers.text(200, "ok\n")
        : Answers.text(503, String.join("", missing));
  }

  private static boolean isComing(FleetStatus.RelayStatus relay) {
    return relay.state() == RelayState.WAITING
        || relay.state() == RelayState.STARTING
        || (relay.state() == RelayState.RUNNING && !relay.isReady());
  }

  private static String missing(FleetStatus.RelayStatus relay) {
    if (relay.state() != RelayState.RUNNING) {
      return relay.state().text();
    }
    return relay.isFailing() ? "upstream fails" : "no upstream has answered yet";
  }

  HttpResponse metrics(FleetStatus fleet, Query query, boolean isOpen) {
    List<FleetStatus.RelayStatus> relays = fleet.relays().stream().filter(filter(query)).toList();
    boolean byGroup =
        query.get("by").map(by -> by.equals("group")).orElse(relays.size() > GROUPS_ABOVE);
    ByteString text =
        Metrics.of(
            fleet,
            relays,
            runner.cluster().map(FleetCluster::metrics).orElse(List.of()),
            byGroup,
            isOpen);
    ContentType type = isOpen ? OPEN_METRICS : ContentTypes.TEXT_PLAIN_UTF8;
    return HttpResponse.create().withEntity(HttpEntities.create(type, text));
  }

  HttpResponse relays(FleetStatus fleet, Query query) {
    int most = Answers.number(query, "limit").map(Long::intValue).orElse(Integer.MAX_VALUE);
    String after = query.get("after").orElse("");
    List<FleetStatus.RelayStatus> found = fleet.relays().stream().filter(filter(query)).toList();
    int from = 0;
    for (int i = 0; i < found.size() && !after.isEmpty(); i++) {
      if (found.get(i).definition().name().equals(after)) {
        from = i + 1;
      }
    }
    List<FleetStatus.RelayStatus> page =
        found.subList(from, (int) Math.min(found.size(), (long) from + most));
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("version", fleet.version());
    view.put("file", fleet.file());
    view.put("applied", fleet.applied().toString());
    view.put("found", found.size());
    view.put("relays", page.stream().map(this::view).toList());
    view.put(
        "next",
        page.isEmpty() || from + page.size() == found.size()
            ? null
            : page.get(page.size() - 1).definition().name());
    return Answers.json(200, view);
  }

  private Map<String, @Nullable Object> view(FleetStatus.RelayStatus relay) {
    Map<String, @Nullable Object> view = Views.relay(relay);
    runner
        .cluster()
        .ifPresent(cluster -> view.put("owner", cluster.owner(relay.definition().name())));
    return view;
  }

  HttpResponse relay(FleetStatus fleet, String name) {
    return fleet.relays().stream()
        .filter(relay -> relay.definition().name().equals(name))
        .findFirst()
        .map(relay -> Answers.json(200, view(relay)))
        .orElseThrow(() -> new Answers.Refused(404, "there is no relay " + name));
  }

  static HttpResponse pool(FleetStatus fleet, String name) {
    return fleet.pools().stream()
        .filter(pool -> pool.definition().name().equals(name))
        .findFirst()
        .map(pool -> Answers.json(200, PoolViews.of(pool)))
        .orElseThrow(() -> new Answers.Refused(404, "there is no pool " + name));
  }

  /** The relays that a query means. */
  static List<String> names(FleetStatus fleet, Query query) {
    return fleet.relays().stream()
        .filter(filter(query))
        .map(relay -> relay.definition().name())
        .toList();
  }

  /** The relays that a query names; all if it names none. */
  static Predicate<String> named(Query query) {
    return query.get("name").map(Answers::globbed).orElse(name -> true);
  }

  private static Predicate<FleetStatus.RelayStatus> filter(Query query) {
    Predicate<String> named = named(query);
    Optional<String> group = query.get("group");
    Optional<String> state = query.get("state");
    boolean failing = query.get("failing").isPresent();
    return relay ->
        named.test(relay.definition().name())
            && (group.isEmpty() || relay.definition().group().equals(group))
            && (state.isEmpty() || relay.state().text().equals(state.get()))
            && (!failing || relay.isFailing());
  }
}
