package dev.sluice.fleet.admin;

import akka.util.ByteString;
import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.pool.PoolStatus;
import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.RelayState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The counters in Prometheus' text format: base units, {@code _total} for what only grows. Written
 * into one array, in one pass over plain numbers; a series is no object.
 */
final class Metrics {
  /**
   * A number of each relay.
   *
   * @param more labels besides those of the relay, or nothing
   */
  private record Family(
      String name,
      String type,
      String help,
      byte[] more,
      ToLongFunction<FleetStatus.RelayStatus> value) {}

  private static final List<Family> FAMILIES =
      List.of(
          family(
              "sluice_relay_up",
              "gauge",
              "Whether the relay listens or has its session.",
              relay -> relay.state() == RelayState.RUNNING ? 1 : 0),
          family(
              "sluice_relay_ready",
              "gauge",
              "Whether it is up and its upstream answered last time.",
              relay -> relay.isReady() ? 1 : 0),
          family(
              "sluice_sessions_active",
              "gauge",
              "Sessions that are alive.",
              relay -> relay.sums().active()),
          family(
              "sluice_sessions_total",
              "counter",
              "Sessions that began.",
              relay -> relay.sums().started()),
          family(
              "sluice_sessions_failed_total",
              "counter",
              "Sessions that an error ended.",
              relay -> relay.sums().failed()),
          family(
              "sluice_connect_failures_total",
              "counter",
              "Sessions whose right address could not be opened.",
              relay -> relay.sums().connectFailures()),
          family(
              "sluice_restarts_total",
              "counter",
              "Times that the relay began again.",
              relay -> relay.sums().restarts()),
          bytes("right", relay -> relay.sums().leftToRight()),
          bytes("left", relay -> relay.sums().rightToLeft()));

  private static Family family(
      String name, String type, String help, ToLongFunction<FleetStatus.RelayStatus> value) {
    return new Family(name, type, help, new byte[0], value);
  }

  private static Family bytes(String direction, ToLongFunction<FleetStatus.RelayStatus> value) {
    return new Family(
        "sluice_bytes_total",
        "counter",
        "Bytes that were written, by direction.",
        MetricsText.bytes(",direction=\"" + direction + "\""),
        value);
  }

  /** What a line has behind its labels, in bytes, as a rule. */
  private static final int NUMBER = 8;

  /** For what is not of relays, in bytes, as a rule. */
  private static final int REST = 4096;

  /** A relay or a group: its labels, and a number for each family. */
  private record Row(byte[] labels, long[] values) {}

  private final MetricsText out;

  private final boolean openMetrics;

  private Metrics(boolean openMetrics, int expected) {
    this.openMetrics = openMetrics;
    this.out = new MetricsText(expected);
  }

  /**
   * All of it.
   *
   * @param ofCluster what the cluster that the fleet is part of adds
   * @param byGroup whether relays are summed up by their group
   * @param openMetrics whether to write OpenMetrics 1.0 instead of Prometheus' text format
   */
  static ByteString of(
      FleetStatus fleet,
      List<FleetStatus.RelayStatus> relays,
      List<FleetCluster.Metric> ofCluster,
      boolean byGroup,
      boolean openMetrics) {
    Collection<Row> rows = byGroup ? byGroup(relays) : byRelay(relays);
    Metrics metrics = new Metrics(openMetrics, expected(rows));
    metrics.write(fleet, rows, relays.size());
    metrics.cluster(ofCluster);
    if (openMetrics) {
      metrics.out.text("# EOF\n");
    }
    return metrics.out.result();
  }

  private static Collection<Row> byGroup(List<FleetStatus.RelayStatus> relays) {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (FleetStatus.RelayStatus relay : relays) {
      add(rows.computeIfAbsent(group(relay), group -> row(groupLabel(group))), relay);
    }
    return rows.values();
  }

  private static Collection<Row> byRelay(List<FleetStatus.RelayStatus> relays) {
    List<Row> rows = new ArrayList<>(relays.size());
    for (FleetStatus.RelayStatus relay : relays) {
      Row row = row("relay=\"" + relay.definition().name() + "\"," + groupLabel(group(relay)));
      add(row, relay);
      rows.add(row);
    }
    return rows;
  }

  private static Row row(String labels) {
    return new Row(MetricsText.bytes(labels), new long[FAMILIES.size()]);
  }

  private static void add(Row row, FleetStatus.RelayStatus relay) {
    for (int i = 0; i < row.values.length; i++) {
      row.values[i] += FAMILIES.get(i).value.applyAsLong(relay);
    }
  }

  private static String group(FleetStatus.RelayStatus relay) {
    return relay.definition().group().orElse("");
  }

  private static String groupLabel(String group) {
    return "group=\"" + escaped(group) + "\"";
  }

  /** How many bytes it will be, so that nothing is copied into a larger array. */
  private static int expected(Collection<Row> rows) {
    long labels = 0;
    for (Row row : rows) {
      labels += row.labels.length;
    }
    long sum = REST;
    for (Family family : FAMILIES) {
      sum += labels + (long) rows.size() * (family.name.length() + family.more.length + NUMBER);
    }
    return (int) Math.min(sum, Integer.MAX_VALUE / 2);
  }

  private void write(FleetStatus fleet, Collection<Row> rows, int count) {
    String before = "";
    for (int i = 0; i < FAMILIES.size(); i++) {
      Family family = FAMILIES.get(i);
      if (!family.name.equals(before)) {
        head(family.name, family.type, family.help);
        before = family.name;
      }
      byte[] name = MetricsText.bytes(family.name);
      for (Row row : rows) {
        out.line(name, row.labels, family.more, row.values[i]);
      }
    }
    pools(fleet.pools());
    head("sluice_relays", "gauge", "Relays that are shown here.");
    number("sluice_relays", "", count);
    head("sluice_config_version", "gauge", "Counts what was applied.");
    number("sluice_config_version", "", fleet.version());
    head("sluice_config_last_apply_timestamp_seconds", "gauge", "When that was.");
    number("sluice_config_last_apply_timestamp_seconds", "", fleet.applied().getEpochSecond());
  }

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
      pools.forEach(pool -> number("sluice_pool_retried_total", label(pool), pool.retried()));
      head("sluice_pool_refused_total", "counter", "Sessions that no member was found for.");
      pools.forEach(pool -> number("sluice_pool_refused_total", label(pool), pool.refused()));
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

  private static String label(PoolStatus pool) {
    return "pool=\"" + pool.definition().name() + "\"";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private void head(String name, String type, String help) {
    String family = openMetrics && type.equals("counter") ? name.replaceFirst("_total$", "") : name;
    out.text("# HELP " + family + " " + help + "\n# TYPE " + family + " " + type + "\n");
  }

  private void number(String name, String labels, long number) {
    line(name, labels, Long.toString(number));
  }

  private void number(String name, String labels, double number) {
    line(
        name,
        labels,
        number == (long) number ? Long.toString((long) number) : Double.toString(number));
  }

  private void line(String name, String labels, String number) {
    out.text(name + (labels.isEmpty() ? "" : "{" + labels + "}") + " " + number + "\n");
  }
}
