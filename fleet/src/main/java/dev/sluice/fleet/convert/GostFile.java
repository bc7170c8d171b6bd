package dev.sluice.fleet.convert;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * gost.yml, version 3: a service that forwards TCP or UDP becomes a relay, several nodes a pool.
 */
final class GostFile {
  private static final Pattern PLACE = Pattern.compile("(.*):(\\d{1,5})");
  private static final Set<String> USED =
      Set.of("name", "addr", "handler", "listener", "forwarder");

  private GostFile() {}

  static void read(List<String> lines, Converted into) {
    Object root;
    try {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).load(String.join("\n", lines));
    } catch (YAMLException e) {
      into.leave("the file is not YAML: " + e.getMessage());
      return;
    }
    if (!(root instanceof Map<?, ?> file)) {
      into.leave("the file has no services");
      return;
    }
    file.keySet().stream()
        .filter(key -> !"services".equals(key))
        .forEach(key -> into.leave(String.valueOf(key)));
    for (Object service : list(file.get("services"))) {
      service(map(service), into);
    }
  }

  private static List<String> members(Map<?, ?> forwarder, String protocol) {
    List<String> members = new ArrayList<>();
    for (Object node : list(forwarder.get("nodes"))) {
      Matcher to = PLACE.matcher(text(map(node), "addr"));
      if (to.matches()) {
        members.add(protocol + ":" + to.group(1) + ":" + to.group(2));
      }
    }
    return members;
  }

  private static void service(Map<?, ?> service, Converted into) {
    String name = text(service, "name").isEmpty() ? "service" : text(service, "name");
    service.keySet().stream()
        .filter(key -> !USED.contains(String.valueOf(key)))
        .forEach(key -> into.leave("service " + name + ": " + key));
    String listener = text(map(service.get("listener")), "type");
    String handler = text(map(service.get("handler")), "type");
    Matcher at = PLACE.matcher(text(service, "addr"));
    boolean isUdp = listener.equals("udp");
    boolean isPlain = isUdp || listener.isEmpty() || listener.equals("tcp");
    Map<?, ?> forwarder = map(service.get("forwarder"));
    List<String> members = members(forwarder, isUdp ? "UDP" : "TCP");
    if (!at.matches() || !isPlain || members.isEmpty() || handler.matches("r(tcp|udp)")) {
      String kind = "handler " + handler + ", listener " + listener;
      into.leave("service " + name + ": " + kind + ", " + members.size() + " nodes");
      return;
    }
    if (map(service.get("handler")).containsKey("chain")) {
      into.leave("service " + name + ": handler.chain (the relay connects itself)");
    }
    String right = members.get(0);
    if (members.size() > 1) {
      right =
          "POOL:"
              + into.pool(
                  name,
                  members.stream().map(ConfigUtil::quoteString).toList(),
                  balance(map(forwarder.get("selector"))));
    }
    into.relay(
        name,
        Converted.listening(
            isUdp ? "UDP" : "TCP", String.valueOf(at.group(1)), String.valueOf(at.group(2))),
        right,
        isUdp ? "options = \"-T 60\"" : "");
  }

  private static String balance(Map<?, ?> selector) {
    String fails = text(selector, "maxFails");
    String time = text(selector, "failTimeout");
    String passive =
        fails.matches("\\d+")
            ? ", passive { fails = "
                + fails
                + (time.matches("\\d+(ms|s|m|h)") ? ", retry-after = " + time : "")
                + " }"
            : "";
    return "balance = "
        + (text(selector, "strategy").equals("hash") ? "hash" : "round-robin")
        + passive;
  }

  private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String text(Map<?, ?> of, String key) {
    Object value = of.get(key);
    return value == null ? "" : value.toString();
  }
}
