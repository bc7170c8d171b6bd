package dev.sluice.fleet.file;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import dev.sluice.fault.Fault;
import dev.sluice.fleet.model.Durations;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.Limits;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a fleet as a file that reads as the same relays. Templates, groups and defaults are gone:
 * each relay says everything itself. Secrets are named, and are to be defined elsewhere.
 */
public final class Export {
  private Export() {}

  /** The text of the file. */
  public static String hocon(Fleet fleet) {
    return "sluice {\n"
        + fleet.pools().values().stream()
            .map(pool -> "  pools." + key(pool.name()) + " { " + PoolExport.keys(pool) + " }\n")
            .collect(Collectors.joining())
        + fleet.relays().values().stream()
            .map(relay -> "    " + key(relay.name()) + " { " + relay(relay) + " }\n")
            .collect(Collectors.joining("", "  relays {\n", "  }\n}\n"));
  }

  private static String key(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_-]*") ? name : ConfigUtil.quoteString(name);
  }

  /** The keys of one relay as JSON, as the API takes them. */
  public static String json(RelayDefinition relay) {
    return ConfigFactory.parseString(relay(relay)).root().render(ConfigRenderOptions.concise());
  }

  private static String relay(RelayDefinition relay) {
    List<String> settings = new ArrayList<>();
    settings.add("left = " + ConfigUtil.quoteString(relay.left()));
    settings.add("right = " + ConfigUtil.quoteString(relay.right()));
    if (!relay.options().isEmpty()) {
      settings.add("options = " + list(relay.options()));
    }
    relay.group().ifPresent(group -> settings.add("group = " + ConfigUtil.quoteString(group)));
    if (!relay.labels().isEmpty()) {
      settings.add("labels " + map(relay.labels()));
    }
    if (!relay.enabled()) {
      settings.add("enabled = off");
    }
    if (relay.maxSessions() > 0) {
      settings.add("max-sessions = " + relay.maxSessions());
    }
    if (!relay.limits().equals(Limits.NONE)) {
      settings.add("limits { " + limits(relay.limits()) + " }");
    }
    if (!relay.faults().isEmpty()) {
      settings.add("faults = " + list(relay.faults().stream().map(Fault::text).toList()));
    }
    relay
        .connectTimeout()
        .ifPresent(time -> settings.add("connect-timeout = " + Durations.text(time)));
    if (!relay.keepalive()) {
      settings.add("keepalive = off");
    }
    if (!relay.retry().equals(Retry.DEFAULT)) {
      settings.add("retry { " + retry(relay.retry()) + " }");
    }
    if (!relay.onChange().equals(new OnChange.Keep())) {
      settings.add("on-change = \"" + relay.onChange() + "\"");
    }
    settings.add("drain = " + Durations.text(relay.drain()));
    placement(relay.placement(), settings);
    return String.join(", ", settings);
  }

  private static String list(List<String> texts) {
    return texts.stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String map(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(
            label ->
                ConfigUtil.quoteString(label.getKey())
                    + " = "
                    + ConfigUtil.quoteString(label.getValue()))
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String limits(Limits limits) {
    List<String> some = new ArrayList<>();
    if (limits.perClient() > 0) {
      some.add("sessions-per-client = " + limits.perClient());
    }
    if (limits.perSecond() > 0) {
      some.add("new-sessions-per-second = " + limits.perSecond());
    }
    limits.idle().ifPresent(time -> some.add("idle = " + Durations.text(time)));
    limits.total().ifPresent(time -> some.add("total = " + Durations.text(time)));
    if (limits.sessionBytes() > 0) {
      some.add("bytes-per-second = " + limits.sessionBytes());
    }
    if (limits.relayBytes() > 0) {
      some.add("relay-bytes-per-second = " + limits.relayBytes());
    }
    return String.join(", ", some);
  }

  private static String retry(Retry retry) {
    return "when = "
        + retry.when().name().toLowerCase(Locale.ROOT).replace('_', '-')
        + ", interval = "
        + Durations.text(retry.interval())
        + ", backoff = "
        + Durations.text(retry.backoff());
  }

  private static void placement(Placement placement, List<String> settings) {
    if (placement.isOwned()) {
      settings.add("place = " + placement.kind().text());
    }
    if (!placement.where().isEmpty()) {
      settings.add("where " + map(placement.where()));
    }
    placement.address().ifPresent(text -> settings.add("address = \"" + text + "\""));
    placement.spread().ifPresent(text -> settings.add("spread = " + ConfigUtil.quoteString(text)));
  }
}
