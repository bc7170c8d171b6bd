package dev.sluice.fleet.admin;

import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.RelayState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The counters in Prometheus' text format: base units, {@code _total} for what only grows, one pass
 * over plain numbers.
 */
final class Metrics {
  /** One family of series. */
  private record Family(
      String name, String type, String help, ToLongFunction<FleetStatus.RelayStatus> value) {}

  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              "sluice_relay_up",
              "gauge",
              "Whether the relay listens or has its session.",
              relay -> relay.state() == RelayState.RUNNING ? 1 : 0),
          new Family(
              "sluice_relay_ready",
              "gauge",
              "Whether it is up and its upstream answered last time.",
              relay -> relay.isReady() ? 1 : 0),
          new Family(
              "sluice_sessions_active",
              "gauge",
              "Sessions that are alive.",
              relay -> relay.sums().active()),
          new Family(
              "sluice_sessions_total",
              "counter",
              "Sessions that began.",
              relay -> relay.sums().started()),
          new Family(
              "sluice_sessions_failed_total",
              "counter",
              "Sessions that an error ended.",
              relay -> relay.sums().failed()),
          new Family(
              "sluice_connect_failures_total",
              "counter",
              "Sessions whose right address could not be opened.",
              relay -> relay.sums().connectFailures()),
          new Family(
              "sluice_restarts_total",
              "counter",
              "Times that the relay began again.",
              relay -> relay.sums().restarts()));

  private final StringBuilder out = new StringBuilder();
  private final Map<String, List<FleetStatus.RelayStatus>> rows = new LinkedHashMap<>();

  private Metrics() {}

  /**
   * All of it.
   *
   * @param byGroup whether relays are summed up by their group
   */
  static String of(FleetStatus fleet, List<FleetStatus.RelayStatus> relays, boolean byGroup) {
    Metrics metrics = new Metrics();
    for (FleetStatus.RelayStatus relay : relays) {
      String group = relay.definition().group().orElse("");
      String labels =
          (byGroup ? "" : "relay=\"" + relay.definition().name() + "\",")
              + "group=\""
              + group.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
              + "\"";
      metrics.rows.computeIfAbsent(labels, key -> new ArrayList<>(1)).add(relay);
    }
    metrics.write(fleet, relays.size());
    return metrics.out.toString();
  }

  private void write(FleetStatus fleet, int count) {
    for (Family family : FAMILIES) {
      head(family.name, family.type, family.help);
      rows.forEach((labels, some) -> line(family.name, labels, sum(some, family.value)));
    }
    head("sluice_bytes_total", "counter", "Bytes that were written, by direction.");
    rows.forEach(
        (labels, some) -> {
          line(
              "sluice_bytes_total",
              labels + ",direction=\"right\"",
              sum(some, relay -> relay.sums().leftToRight()));
          line(
              "sluice_bytes_total",
              labels + ",direction=\"left\"",
              sum(some, relay -> relay.sums().rightToLeft()));
        });
    head("sluice_relays", "gauge", "Relays that are shown here.");
    line("sluice_relays", "", count);
    head("sluice_config_version", "gauge", "Counts what was applied.");
    line("sluice_config_version", "", fleet.version());
    head("sluice_config_last_apply_timestamp_seconds", "gauge", "When that was.");
    line("sluice_config_last_apply_timestamp_seconds", "", fleet.applied().getEpochSecond());
  }

  private static long sum(
      List<FleetStatus.RelayStatus> some, ToLongFunction<FleetStatus.RelayStatus> value) {
    long sum = 0;
    for (FleetStatus.RelayStatus one : some) {
      sum += value.applyAsLong(one);
    }
    return sum;
  }

  private void head(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, String labels, long value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value).append('\n');
  }
}
