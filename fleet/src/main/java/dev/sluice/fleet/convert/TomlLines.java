package dev.sluice.fleet.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What frp's files need of TOML: a value a line, tables, arrays of tables, keys with dots. See
 * toml.io, version 1.0. A value that is an array or an inline table is kept as its text.
 */
final class TomlLines {
  private static final Pattern HEAD = Pattern.compile("(\\[\\[?)\\s*([^\\[\\]]+?)\\s*\\]\\]?");
  private static final Pattern PAIR = Pattern.compile("([A-Za-z0-9_.\"'\\s-]+?)\\s*=\\s*(.+)");

  /** What stands in one table: the name of the table, then full keys and values. */
  record Table(String name, int line, Map<String, String> values) {}

  private TomlLines() {}

  /** The tables, the first one without a name; what is not understood is told. */
  static List<Table> read(List<String> lines, Consumer<String> problem) {
    List<Table> tables = new ArrayList<>();
    Table now = new Table("", 1, new LinkedHashMap<>());
    tables.add(now);
    String under = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = withoutComment(lines.get(i)).trim();
      if (line.isEmpty()) {
        continue;
      }
      Matcher head = HEAD.matcher(line);
      Matcher pair = PAIR.matcher(line);
      if (head.matches()) {
        String name = String.valueOf(head.group(2)).replaceAll("[\"'\\s]", "");
        if (name.startsWith(now.name + ".") && !now.name.isEmpty()) {
          under = name.substring(now.name.length() + 1) + "."; // a table of the last element
        } else {
          now = new Table(name, i + 1, new LinkedHashMap<>());
          under = "";
          tables.add(now);
        }
      } else if (pair.matches()) {
        String key = String.valueOf(pair.group(1)).replaceAll("[\"'\\s]", "");
        now.values.put(under + key, value(String.valueOf(pair.group(2))));
      } else {
        problem.accept("line " + (i + 1) + ": " + line);
      }
    }
    return tables;
  }

  private static String withoutComment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && c == '#') {
        return line.substring(0, i);
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == '"' && c == '\\') {
        i++;
      }
    }
    return line;
  }

  private static String value(String text) {
    boolean isText = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    if (isText) {
      return text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1");
    }
    boolean isLiteral = text.length() > 1 && text.startsWith("'") && text.endsWith("'");
    return isLiteral ? text.substring(1, text.length() - 1) : text;
  }
}
