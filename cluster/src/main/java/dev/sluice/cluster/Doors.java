package dev.sluice.cluster;

import dev.sluice.catalog.Address;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.Limits;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The relays that a node adds for the cluster: a door for each relay with {@code place = via},
 * where other nodes bring the sessions that they took. It listens on the node's cluster address,
 * with the cluster's certificates, on a port that the kernel chooses.
 */
final class Doors {
  private static final String SUFFIX = "@cluster";

  /** Stands for the node's own host in addresses. */
  private static final String NODE = "{node}";

  private final ClusterSettings settings;

  Doors(ClusterSettings settings) {
    this.settings = settings;
  }

  /** The relays that this node may run, and their doors. */
  Fleet prepared(Fleet fleet) {
    Map<String, RelayDefinition> relays = new LinkedHashMap<>();
    for (RelayDefinition written : fleet.relays().values()) {
      RelayDefinition relay = onThisNode(written);
      Placement placement = relay.placement();
      boolean isHere =
          placement.kind() == Placement.Kind.ONE || placement.matches(settings.labels());
      if (isHere) {
        relays.put(relay.name(), relay);
      }
      if (isHere && placement.isVia()) {
        relays.put(relay.name() + SUFFIX, door(relay));
      }
    }
    return fleet.with(relays);
  }

  /** The relay with this node's own host where its addresses say so. */
  private RelayDefinition onThisNode(RelayDefinition relay) {
    String host = settings.host();
    return relay.withAddresses(relay.left().replace(NODE, host), relay.right().replace(NODE, host));
  }

  private RelayDefinition door(RelayDefinition relay) {
    return new RelayDefinition(
        relay.name() + SUFFIX,
        left(),
        relay.right(),
        relay.options(),
        relay.group(),
        relay.labels(),
        relay.enabled(),
        0,
        Limits.NONE,
        List.of(),
        relay.connectTimeout(),
        relay.keepalive(),
        relay.retry(),
        relay.onChange(),
        relay.drain(),
        Placement.EVERYWHERE,
        relay.origin());
  }

  private String left() {
    String bind = "-LISTEN:0,bind=" + quoted(settings.host()) + ",fork,reuseaddr";
    return settings.tls().isPresent() ? "OPENSSL" + bind + certificates() : "TCP" + bind;
  }

  private String certificates() {
    ClusterSettings.Tls tls = settings.tls().orElseThrow();
    return ",cert="
        + quoted(tls.cert())
        + ",key="
        + quoted(tls.key())
        + ",cafile="
        + quoted(tls.ca())
        + ",verify=1";
  }

  /** Where another node's door is. */
  Address address(LocalFleet fleet, String node, int port) {
    String host = node.substring(0, node.lastIndexOf(':'));
    String target = quoted(host) + ":" + port + ",connect-timeout=2";
    return fleet.address(
        settings.tls().isPresent()
            ? "OPENSSL:" + target + ",openssl-commonname=" + certificates()
            : "TCP:" + target);
  }

  private static String quoted(String text) {
    return text.startsWith("[") ? text : text.replaceAll("[\\\\,:!\"'()\\[\\]{}]", "\\\\$0");
  }

  /** The relay that a door is of; empty when it is none. */
  static String relayOf(String door) {
    return door.endsWith(SUFFIX) ? door.substring(0, door.length() - SUFFIX.length()) : "";
  }
}
