package dev.sluice.fleet.admin;

import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.pool.PoolStatus;
import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.RelayState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
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

  private final boolean openMetrics;

  private Metrics(boolean openMetrics) {
    this.openMetrics = openMetrics;
  }

  /**
   * All of it.
   *
   * @param ofCluster what the cluster that the fleet is part of adds
   * @param byGroup whether relays are summed up by their group
   * @param openMetrics whether to write OpenMetrics 1.0 instead of Prometheus' text format
   */
  static String of(
      FleetStatus fleet,
      List<FleetStatus.RelayStatus> relays,
      List<FleetCluster.Metric> ofCluster,
      boolean byGroup,
      boolean openMetrics) {
    Metrics metrics = new Metrics(openMetrics);
    for (FleetStatus.RelayStatus relay : relays) {
      String group = relay.definition().group().orElse("");
      String labels =
          (byGroup ? "" : "relay=\"" + relay.definition().name() + "\",")
              + "group=\""
              + escaped(group)
              + "\"";
      metrics.rows.computeIfAbsent(labels, key -> new ArrayList<>(1)).add(relay);
    }
    metrics.write(fleet, relays.size());
    metrics.cluster(ofCluster);
    return metrics.out.append(openMetrics ? "# EOF\n" : "").toString();
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
    pools(fleet.pools());
    head("sluice_relays", "gauge", "Relays that are shown here.");
    line("sluice_relays", "", count);
    head("sluice_config_version", "gauge", "Counts what was applied.");
    line("sluice_config_version", "", fleet.version());
    head("sluice_config_last_apply_timestamp_seconds", "gauge", "When that was.");
    line("sluice_config_last_apply_timestamp_seconds", "", fleet.applied().getEpochSecond());
  }

  /** Members have few series, and no group; all of them are shown. */
  /** One metric of each member of a pool. */
  private record OfMember(
      String name, String type, String help, ToDoubleFunction<PoolStatus.MemberStatus> value) {}

  private static final List<OfMember> OF_MEMBERS =
      List.of(
          new OfMember(
              "sluice_member_up",
              "gauge",
              "Whether the member may get a session.",
              member -> member.isServing() ? 1 : 0),
          new OfMember(
              "sluice_member_weight",
              "gauge",
              "Its share of new sessions.",
              PoolStatus.MemberStatus::weight),
          new OfMember(
              "sluice_member_sessions_active",
              "gauge",
              "Its sessions that are alive.",
              PoolStatus.MemberStatus::active),
          new OfMember(
              "sluice_member_sessions_total",
              "counter",
              "Sessions that it got.",
              PoolStatus.MemberStatus::started),
          new OfMember(
              "sluice_member_connect_failures_total",
              "counter",
              "Sessions that could not connect to it.",
              PoolStatus.MemberStatus::failures),
          new OfMember(
              "sluice_member_check_seconds",
              "gauge",
              "How long its last check took that went well.",
              member -> member.checkTook().map(time -> time.toNanos() / 1e9).orElse(0.0)));

  private void pools(List<PoolStatus> pools) {
    OF_MEMBERS.forEach(one -> members(pools, one));
    if (!pools.isEmpty()) {
      head("sluice_pool_retried_total", "counter", "Sessions that got another member.");
      pools.forEach(pool -> line("sluice_pool_retried_total", label(pool), pool.retried()));
      head("sluice_pool_refused_total", "counter", "Sessions that no member was found for.");
      pools.forEach(pool -> line("sluice_pool_refused_total", label(pool), pool.refused()));
    }
  }

  private void members(List<PoolStatus> pools, OfMember metric) {
    if (pools.isEmpty()) {
      return;
    }
    head(metric.name, metric.type, metric.help);
    for (PoolStatus pool : pools) {
      for (PoolStatus.MemberStatus member : pool.members()) {
        double number = metric.value.applyAsDouble(member);
        String labels = label(pool) + ",member=\"" + escaped(member.name()) + "\"";
        number(metric.name, labels, number);
      }
    }
  }

  private void cluster(List<FleetCluster.Metric> rows) {
    String before = "";
    for (FleetCluster.Metric row : rows) {
      if (!row.name().equals(before)) {
        head(row.name(), row.type(), row.help());
        before = row.name();
      }
      number(row.name(), row.labels(), row.value());
    }
  }

  private void number(String name, String labels, double number) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ');
    if (number == (long) number) {
      out.append((long) number);
    } else {
      out.append(number);
    }
    out.append('\n');
  }

  private static String label(PoolStatus pool) {
    return "pool=\"" + pool.definition().name() + "\"";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
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
    String family = openMetrics && type.equals("counter") ? name.replaceFirst("_total$", "") : name;
    out.append("# HELP ").append(family).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(family).append(' ').append(type).append('\n');
  }

  private void line(String name, String labels, long value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value).append('\n');
  }
}
