package dev.sluice.fleet.convert;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * frpc.toml: a proxy of type tcp or udp becomes a relay that listens itself where frp's server did.
 * Proxies of one load balancing group become a pool.
 */
final class FrpFile {
  private static final Set<String> USED =
      Set.of(
          "name",
          "type",
          "localIP",
          "localPort",
          "remotePort",
          "loadBalancer.group",
          "loadBalancer.groupKey",
          "healthCheck.type",
          "healthCheck.intervalSeconds",
          "healthCheck.timeoutSeconds",
          "healthCheck.maxFailed",
          "plugin.type",
          "plugin.unixPath");

  private record Group(String port, List<String> members, String check) {}

  private FrpFile() {}

  static void read(List<String> lines, Converted into) {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (TomlLines.Table table : TomlLines.read(lines, into::leave)) {
      if (table.name().equals("proxies")) {
        proxy(table, groups, into);
      } else {
        table.values().keySet().forEach(key -> into.leave(place(table) + key));
      }
    }
    groups.forEach(
        (name, group) -> {
          String pool = into.pool(name, group.members(), group.check());
          into.relay(pool, Converted.listening("TCP", "", group.port()), "POOL:" + pool, "");
        });
  }

  private static String place(TomlLines.Table table) {
    return table.name().isEmpty() ? "" : "line " + table.line() + ": " + table.name() + ": ";
  }

  private static void proxy(TomlLines.Table table, Map<String, Group> groups, Converted into) {
    Map<String, String> proxy = table.values();
    String name = proxy.getOrDefault("name", "proxy");
    String type = proxy.getOrDefault("type", "tcp");
    String port = proxy.getOrDefault("remotePort", "");
    boolean isUdp = type.equals("udp");
    String right = right(proxy, isUdp);
    if (!(type.equals("tcp") || isUdp) || !port.matches("\\d{1,5}") || right.isEmpty()) {
      into.leave("line " + table.line() + ": proxy " + name + " of type " + type);
      return;
    }
    proxy.keySet().stream()
        .filter(key -> !USED.contains(key))
        .forEach(key -> into.leave("line " + table.line() + ": proxy " + name + ": " + key));
    String group = proxy.get("loadBalancer.group");
    String check = check(proxy);
    if (group == null && check.isEmpty()) {
      into.relay(
          name,
          Converted.listening(isUdp ? "UDP" : "TCP", "", port),
          right,
          isUdp ? "options = \"-T 60\"" : "");
      return;
    }
    groups
        .computeIfAbsent(
            group == null ? name : group, any -> new Group(port, new ArrayList<>(), check))
        .members()
        .add(
            "{ name = "
                + ConfigUtil.quoteString(name.replaceAll("[^A-Za-z0-9_.@-]", "-"))
                + ", address = "
                + ConfigUtil.quoteString(right)
                + " }");
  }

  private static String right(Map<String, String> proxy, boolean isUdp) {
    String plugin = proxy.getOrDefault("plugin.type", "");
    if (plugin.equals("unix_domain_socket")) {
      return "UNIX-CONNECT:" + proxy.getOrDefault("plugin.unixPath", "");
    }
    String port = proxy.getOrDefault("localPort", "");
    return !plugin.isEmpty() || port.isEmpty()
        ? ""
        : (isUdp ? "UDP:" : "TCP:")
            + Converted.host(proxy.getOrDefault("localIP", "127.0.0.1"))
            + ":"
            + port;
  }

  private static String check(Map<String, String> proxy) {
    if (!proxy.getOrDefault("healthCheck.type", "").equals("tcp")) {
      return "";
    }
    return "check { every = "
        + proxy.getOrDefault("healthCheck.intervalSeconds", "10")
        + "s, timeout = "
        + proxy.getOrDefault("healthCheck.timeoutSeconds", "3")
        + "s, fall = "
        + proxy.getOrDefault("healthCheck.maxFailed", "1")
        + " }";
  }
}
