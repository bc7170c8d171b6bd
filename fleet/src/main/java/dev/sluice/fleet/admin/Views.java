package dev.sluice.fleet.admin;

import dev.sluice.fault.Fault;
import dev.sluice.fleet.file.Json;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.run.FleetEvent;
import dev.sluice.fleet.run.FleetProtocol.SessionStatus;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.fleet.run.FleetStatus;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the API says, as trees for {@link Json}. */
final class Views {
  private Views() {}

  static Map<String, @Nullable Object> relay(FleetStatus.RelayStatus relay) {
    RelayDefinition definition = relay.definition();
    FleetStatus.Sums sums = relay.sums();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", definition.name());
    view.put("state", relay.state().text());
    view.put("ready", relay.isReady());
    view.put("failing", relay.isFailing());
    view.put("since", relay.since().toString());
    view.put("left", definition.left());
    view.put("right", definition.right());
    view.put("options", definition.options());
    view.put("group", definition.group().orElse(null));
    view.put("labels", definition.labels());
    view.put("origin", definition.origin().toString());
    view.put("stopped_by_hand", relay.byHand());
    view.put("faults", Fault.texts(relay.faults()));
    view.put("faults_by_hand", relay.faultsByHand());
    view.put("listening", relay.listening());
    view.put("retry_in_ms", relay.retryIn());
    view.put("upstream", relay.upstream());
    view.put("sessions", sums.active());
    view.put("sessions_total", sums.started());
    view.put("sessions_failed", sums.failed());
    view.put("connect_failures", sums.connectFailures());
    view.put("bytes_right", sums.leftToRight());
    view.put("bytes_left", sums.rightToLeft());
    view.put("restarts", sums.restarts());
    view.put("why", relay.isFailing() ? relay.why() : null);
    view.put("last_error", sums.lastError());
    view.put("last_error_at", sums.lastErrorAt() == null ? null : sums.lastErrorAt().toString());
    return view;
  }

  static Map<String, @Nullable Object> session(String relay, SessionStatus session) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("relay", relay);
    view.put("session", session.number());
    view.put("peer", session.peer());
    view.put("since", session.since().toString());
    view.put("connected", session.connected());
    view.put("member", session.member());
    view.put("plan", session.plan());
    view.put("bytes_right", session.leftToRight());
    view.put("bytes_left", session.rightToLeft());
    return view;
  }

  /** A plan, made or done. */
  static Map<String, @Nullable Object> change(FleetRunner.Change change) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("version", change.version());
    view.put("problems", change.problems().stream().map(Object::toString).toList());
    view.put("summary", change.plan().map(FleetPlan::summary).orElse(null));
    view.put("counts", change.plan().map(FleetPlan::counts).orElse(Map.of()));
    view.put(
        "changes",
        change.plan().stream().flatMap(plan -> plan.changes().stream()).map(Views::one).toList());
    view.put(
        "pools",
        change.plan().stream().flatMap(plan -> plan.pools().stream()).map(Views::pool).toList());
    view.put("by_hand", change.byHand());
    view.put("not_ready", change.notReady());
    view.put("rolled_back", change.rolledBack());
    return view;
  }

  private static Map<String, Object> one(FleetPlan.Change change) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", change.name());
    view.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
    view.put("sign", change.kind().sign());
    view.put("keys", change.keys());
    view.put("effect", change.effect());
    return view;
  }

  private static Map<String, Object> pool(FleetPlan.PoolChange change) {
    return Map.of(
        "name", change.name(),
        "sign", change.sign(),
        "keys", change.keys(),
        "effect", change.effect());
  }

  static Map<String, @Nullable Object> event(EventLog.Entry entry) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    FleetEvent event = entry.event();
    view.put("id", entry.number());
    view.put("time", entry.time().toString());
    view.put("relay", event.relay());
    view.put("kind", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    view.put("text", event.text());
    return view;
  }
}
