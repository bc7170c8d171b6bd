package dev.sluice.fleet.convert;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A fleet's file in the making: pools, relays, and what was left out. */
final class Converted {
  private final Map<String, String> pools = new LinkedHashMap<>();
  private final Map<String, String> relays = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  /** A line of the source that has no counterpart here. */
  void leave(String what) {
    leftOut.add(what.replaceAll("\\p{Cntrl}", " ").trim());
  }

  /** A relay; the name is made one that a file can have, and that no other has. */
  void relay(String wanted, String left, String right, String more) {
    relays.put(
        free(wanted, relays),
        "left = "
            + ConfigUtil.quoteString(left)
            + ", right = "
            + ConfigUtil.quoteString(right)
            + (more.isEmpty() ? "" : ", " + more));
  }

  /** A pool; returns the name that it has. */
  String pool(String wanted, List<String> members, String more) {
    String name = free(wanted, pools);
    pools.put(
        name,
        "members = [" + String.join(", ", members) + "]" + (more.isEmpty() ? "" : ", " + more));
    return name;
  }

  private static String free(String wanted, Map<String, String> taken) {
    String name = wanted.replaceAll("[^A-Za-z0-9_.@-]", "-").replaceFirst("^[.@-]+", "");
    name = name.isEmpty() ? "relay" : name.substring(0, Math.min(80, name.length()));
    String free = name;
    for (int i = 2; taken.containsKey(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  /** An IPv6 number as an address has it: in brackets. */
  static String host(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** Listens with a session for each peer; an empty host or * is every address. */
  static String listening(String protocol, String host, String port) {
    boolean any = host.isEmpty() || host.equals("*") || host.equals("0.0.0.0");
    String family = host.contains(":") ? "6" : host.equals("0.0.0.0") ? "4" : "";
    return protocol
        + family
        + "-LISTEN:"
        + port
        + (any ? "" : ",bind=" + host(host))
        + ",reuseaddr,fork";
  }

  /** How many relays there are. */
  int count() {
    return relays.size();
  }

  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** The file. */
  String text() {
    StringBuilder text = new StringBuilder("sluice {\n");
    if (!pools.isEmpty()) {
      text.append("  pools {\n");
      pools.forEach((name, keys) -> line(text, name, keys));
      text.append("  }\n");
    }
    text.append("  relays {\n");
    relays.forEach((name, keys) -> line(text, name, keys));
    return text.append("  }\n}\n").toString();
  }

  private static void line(StringBuilder text, String name, String keys) {
    boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_-]*");
    text.append("    ")
        .append(plain ? name : ConfigUtil.quoteString(name))
        .append(" { ")
        .append(keys)
        .append(" }\n");
  }
}
