package dev.sluice.fleet.convert;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** haproxy.cfg: each {@code listen} section becomes a pool and a relay for each {@code bind}. */
final class HaproxyFile {
  private static final Pattern SECTION =
      Pattern.compile(
          "(listen|frontend|backend|defaults|global|userlist|peers|resolvers)\\b\\s*(\\S*).*");
  private static final Pattern PLACE = Pattern.compile("(.*?):?(\\d{1,5})(?:-(\\d{1,5}))?");

  private final Converted into;
  private @Nullable String name;
  private List<String> binds = new ArrayList<>();
  private List<String> members = new ArrayList<>();
  private String balance = "round-robin";
  private String check = "";
  private String limits = "";

  private HaproxyFile(Converted into) {
    this.into = into;
  }

  static void read(List<String> lines, Converted into) {
    HaproxyFile file = new HaproxyFile(into);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").trim();
      if (!line.isEmpty()) {
        file.line(i + 1, line);
      }
    }
    file.end();
  }

  private void line(int number, String line) {
    Matcher section = SECTION.matcher(line);
    if (section.matches()) {
      end();
      if (String.valueOf(section.group(1)).equals("listen")) {
        name = String.valueOf(section.group(2));
      } else {
        into.leave("line " + number + ": section " + line);
      }
      return;
    }
    if (name == null) {
      return; // of a section that was left out as a whole
    }
    String[] words = line.split("\\s+", -1);
    switch (words[0]) {
      case "bind" -> {
        for (String place : words.length > 1 ? words[1].split(",", -1) : new String[0]) {
          binds.add(place);
        }
        leave(number, words, 2);
      }
      case "server" -> server(number, words);
      case "balance" -> balance(number, line, words);
      case "mode" -> {
        if (!line.equals("mode tcp")) {
          into.leave("line " + number + ": " + line + " (bytes are relayed as they are)");
        }
      }
      case "maxconn" -> limits = words.length > 1 ? "max-sessions = " + words[1] : "";
      default -> into.leave("line " + number + ": " + line);
    }
  }

  private void leave(int number, String[] words, int from) {
    for (int i = from; i < words.length; i++) {
      into.leave("line " + number + ": " + words[i]);
    }
  }

  private void balance(int number, String line, String[] words) {
    switch (words.length > 1 ? words[1] : "") {
      case "roundrobin", "static-rr" -> balance = "round-robin";
      case "leastconn" -> balance = "least-sessions";
      case "source" -> balance = "hash";
      default -> into.leave("line " + number + ": " + line);
    }
  }

  private void server(int number, String[] words) {
    Matcher place = words.length > 2 ? PLACE.matcher(words[2]) : PLACE.matcher("");
    if (!place.matches() || String.valueOf(place.group(1)).isEmpty()) {
      into.leave("line " + number + ": " + String.join(" ", words));
      return;
    }
    String address = "TCP:" + Converted.host(String.valueOf(place.group(1))) + ":" + place.group(2);
    String more = "";
    for (int i = 3; i < words.length; i++) {
      boolean hasNext = i + 1 < words.length;
      switch (words[i]) {
        case "check" -> check = check.isEmpty() ? "every = 2s" : check;
        case "backup" -> more += ", backup = on";
        case "weight" -> more += hasNext ? ", weight = " + words[++i] : "";
        case "inter" -> check = "every = " + (hasNext ? time(words[++i]) : "2s");
        case "fall", "rise" -> {
          String key = words[i];
          if (hasNext) {
            check = (check.isEmpty() ? "every = 2s" : check) + ", " + key + " = " + words[++i];
          }
        }
        default -> into.leave("line " + number + ": " + words[i]);
      }
    }
    members.add(
        "{ name = "
            + ConfigUtil.quoteString(words[1].replaceAll("[^A-Za-z0-9_.@-]", "-"))
            + ", address = "
            + ConfigUtil.quoteString(address)
            + more
            + " }");
  }

  private static String time(String text) {
    return text.matches("\\d+") ? text + "ms" : text;
  }

  private void end() {
    if (name != null && (binds.isEmpty() || members.isEmpty())) {
      into.leave("listen " + name + ": has no bind or no server");
    } else if (name != null) {
      String pool =
          into.pool(
              name,
              members,
              "balance = " + balance + (check.isEmpty() ? "" : ", check { " + check + " }"));
      for (String bind : binds) {
        bind(bind, pool);
      }
    }
    name = null;
    binds = new ArrayList<>();
    members = new ArrayList<>();
    balance = "round-robin";
    check = "";
    limits = "";
  }

  private void bind(String bind, String pool) {
    Matcher place = PLACE.matcher(bind);
    if (bind.startsWith("/")) {
      into.relay(pool, "UNIX-LISTEN:" + bind + ",fork,unlink-early", "POOL:" + pool, limits);
    } else if (!place.matches()) {
      into.leave("listen " + pool + ": bind " + bind);
    } else if (place.group(3) == null) {
      String host = String.valueOf(place.group(1));
      into.relay(
          pool,
          Converted.listening("TCP", host, String.valueOf(place.group(2))),
          "POOL:" + pool,
          limits);
    } else {
      into.relay(
          pool,
          Converted.listening("TCP", String.valueOf(place.group(1)), "{port}"),
          "POOL:" + pool,
          "ports = \""
              + place.group(2)
              + "-"
              + place.group(3)
              + "\""
              + (limits.isEmpty() ? "" : ", " + limits));
    }
  }
}
