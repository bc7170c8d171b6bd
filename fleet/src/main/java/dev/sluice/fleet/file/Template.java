package dev.sluice.fleet.file;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a definition that stands for several relays is repeated for: {@code ports} with {@code
 * {port}}, or {@code for} with {@code {item}}. Each value makes a relay {@code NAME-VALUE}.
 *
 * @param placeholder what stands for the value in addresses and options
 * @param values the values, in order
 */
record Template(String placeholder, List<String> values) {
  static final String PORT = "{port}";
  static final String ITEM = "{item}";

  /** Relays that one definition may make. */
  private static final int MOST = 65_536;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:\\s*-\\s*(\\d{1,5}))?");

  /** The template of a relay; null when it is a plain one, or when its template is wrong. */
  static @Nullable Template of(Section relay) {
    if (relay.has("ports") && relay.has("for")) {
      relay
          .problems()
          .add(relay.origin("for"), relay.what() + ": has both ports and for; one is enough");
      return null;
    }
    if (relay.has("for")) {
      return items(relay);
    }
    return relay.has("ports") ? ports(relay) : null;
  }

  private static @Nullable Template items(Section relay) {
    Set<String> items = new LinkedHashSet<>();
    for (String item : relay.words("for").orElse(List.of())) {
      if (!FleetReader.NAME.matcher(item).matches()) {
        relay
            .problems()
            .add(
                relay.origin("for"),
                relay.what() + ": \"" + item + "\" can't be part of a relay's name",
                "letters, digits, '.', '_', '@' and '-'");
        return null;
      }
      if (!items.add(item)) {
        relay
            .problems()
            .add(relay.origin("for"), relay.what() + ": for has \"" + item + "\" twice");
        return null;
      }
    }
    return made(relay, "for", ITEM, items);
  }

  private static @Nullable Template ports(Section relay) {
    Set<String> ports = new LinkedHashSet<>();
    for (String part : String.join(" ", relay.words("ports").orElse(List.of())).split(",", -1)) {
      Matcher range = RANGE.matcher(part.trim());
      int first = range.matches() ? Integer.parseInt(String.valueOf(range.group(1))) : 0;
      int last = first > 0 && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
      if (first < 1 || last > 65_535 || first > last) {
        relay
            .problems()
            .add(
                relay.origin("ports"),
                relay.what() + ": ports \"" + part.trim() + "\" is no port and no range of ports",
                "such as \"80,443,5000-5150\"");
        return null;
      }
      for (int port = first; port <= last; port++) {
        ports.add(Integer.toString(port));
      }
    }
    return made(relay, "ports", PORT, ports);
  }

  private static @Nullable Template made(
      Section relay, String key, String placeholder, Set<String> values) {
    if (values.isEmpty() || values.size() > MOST) {
      relay.problems().add(relay.origin(key), relay.what() + ": " + key + " is empty");
      return null;
    }
    return new Template(placeholder, new ArrayList<>(values));
  }

  /** Whether a text has a placeholder that nothing would fill. */
  static @Nullable String unfilled(String text, @Nullable Template template) {
    for (String placeholder : List.of(PORT, ITEM)) {
      if (text.contains(placeholder)
          && (template == null || !template.placeholder.equals(placeholder))) {
        return placeholder;
      }
    }
    return null;
  }

  String fill(String text, String value) {
    return text.replace(placeholder, value);
  }
}
