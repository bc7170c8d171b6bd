package dev.sluice.cli.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Takes out of a log what differs from run to run: time, pid, descriptor numbers, pointers, ports.
 */
final class Normalise {
  private static final Pattern PREFIX =
      Pattern.compile(
          "^\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?( \\S+)? [^\\s\\[]+\\[\\d+\\] (?=[DINWEF] )");
  private static final Pattern DUMP_TIME =
      Pattern.compile(
          "([<>]) \\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6,9}"); // 1.8.0 prints nine
  // digits

  private static final List<Rule> RULES =
      List.of(
          rule("0x[0-9a-f]{6,}", "PTR"),
          rule(
              "local address AF=1 \".*\"", "local address AF=1 \"<anon>\""), // 1.8.0 prints garbage
          rule("opening block device \"(\\.|d)\"", "opening directory \"$1\""), // so 1.8.0 says
          rule("child process \\d+", "child process PID"),
          rule("child \\d+ exited", "child PID exited"),
          rule("\\(fd (?:[3-9]|\\d\\d+)\\)", "(fd N)"),
          rule("(?<=[\\[,])(?:[3-9]|\\d\\d+)(?=[\\],])", "N"),
          rule("\\b([a-z_0-9]+\\()(?:[3-9]|\\d\\d+), ", "$1N, "),
          rule("(\\d+\\.\\d+\\.\\d+\\.\\d+|\\]|localhost|TCP[46]?:[^: ]+):\\d{4,5}\\b", "$1:PORT"));

  /** A control character, of which our log shows the number. */
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");

  private Normalise() {}

  private static String number(MatchResult control) {
    return String.format("\\\\x%02x", (int) control.group().charAt(0));
  }

  /**
   * The lines of a log, normalised. The notice of a child's death is dropped, since the original
   * may miss it, and a line that repeats the one before it counts once.
   */
  static List<String> log(String stderr) {
    List<String> lines = new ArrayList<>();
    for (String raw : stderr.split("\n", -1)) {
      String line = line(raw);
      if (line.contains("childdied(): handling signal 17")) {
        continue;
      }
      if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(line)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String line(String raw) {
    String line = PREFIX.matcher(raw).replaceFirst("");
    line = CONTROL.matcher(line).replaceAll(Normalise::number);
    line = DUMP_TIME.matcher(line).replaceAll("$1 TIME");
    for (Rule rule : RULES) {
      line = rule.pattern.matcher(line).replaceAll(rule.replacement);
    }
    return line;
  }

  private static Rule rule(String regex, String replacement) {
    return new Rule(Pattern.compile(regex), replacement);
  }

  private record Rule(Pattern pattern, String replacement) {}
}
