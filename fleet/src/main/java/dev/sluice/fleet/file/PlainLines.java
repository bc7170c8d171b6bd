package dev.sluice.fleet.file;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The plain form, one relay a line: {@code NAME LEFT RIGHT [KEY=VALUE ...]}, for files that a
 * program writes. Words stand apart by blanks; in double quotes a word may have blanks, and a
 * backslash takes the next character as it is. What begins with {@code #} is a comment.
 */
final class PlainLines {
  private final String file;
  private final ProblemList problems;
  private final Map<String, ConfigValue> relays = new HashMap<>();

  private PlainLines(String file, ProblemList problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The lines as a section {@code relays}, in which each relay has the origin of its line. */
  static ConfigObject read(String file, List<String> lines, ProblemList problems) {
    PlainLines plain = new PlainLines(file, problems);
    for (int i = 0; i < lines.size(); i++) {
      plain.line(lines.get(i), plain.place(i + 1));
    }
    return ConfigValueFactory.fromMap(plain.relays);
  }

  private ConfigOrigin place(int line) {
    return ConfigOriginFactory.newFile(file).withLineNumber(line);
  }

  private void line(String line, ConfigOrigin place) {
    List<String> words = words(line);
    if (words == null) {
      problems.add(ProblemList.origin(place), "a quote is opened and not closed");
      return;
    }
    if (words.isEmpty()) {
      return;
    }
    if (words.size() < 3) {
      problems.add(
          ProblemList.origin(place),
          "a line has NAME LEFT RIGHT [KEY=VALUE ...], and this one has "
              + words.size()
              + " words");
      return;
    }
    Map<String, ConfigValue> relay = new HashMap<>();
    put(relay, "left", words.get(1), place);
    put(relay, "right", words.get(2), place);
    for (String word : words.subList(3, words.size())) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        problems.add(ProblemList.origin(place), "\"" + word + "\" is not KEY=VALUE");
      } else {
        put(relay, word.substring(0, equals), word.substring(equals + 1), place);
      }
    }
    ConfigValue earlier = relays.get(words.get(0));
    if (earlier != null) {
      problems.add(
          ProblemList.origin(place),
          "relay "
              + words.get(0)
              + " is there already, at "
              + ProblemList.origin(earlier.origin()));
      return;
    }
    relays.put(words.get(0), ConfigValueFactory.fromMap(relay).withOrigin(place));
  }

  private static void put(
      Map<String, ConfigValue> relay, String key, String value, ConfigOrigin place) {
    relay.put(key, ConfigValueFactory.fromAnyRef(value).withOrigin(place));
  }

  /** The words of a line; null when a quote is not closed. */
  static @org.jspecify.annotations.Nullable List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean inWord = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        inWord = true;
      } else if (!quoted && (c == ' ' || c == '\t')) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
      } else if (!quoted && !inWord && c == '#') {
        break;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return quoted ? null : words;
  }
}
