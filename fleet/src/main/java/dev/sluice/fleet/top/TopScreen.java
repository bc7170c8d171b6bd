package dev.sluice.fleet.top;

import dev.sluice.fleet.top.TopModel.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.WCWidth;

/** Draws a model: as many lines as the terminal has rows, none of them wider than it. */
final class TopScreen {
  private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
  private static final AttributedStyle BOLD = PLAIN.bold();
  private static final AttributedStyle QUIET = PLAIN.faint();

  /** Rows that are not relays: totals, filter, heads, and the line at the bottom. */
  static final int FRAME = 5;

  private static final List<String> HELP =
      List.of(
          "Up, Down, Page, Home, End   move (also k and j)",
          "Enter                       look at a relay",
          "Escape                      go back; in the list: no filter",
          "/                           filter by name, group, address, state or label=value",
          "o                           change the order",
          "S   s   d                   start, stop, drain a relay",
          "l                           what happened to a relay",
          "q                           go back, and end",
          "",
          "-> is what moves from the left address to the right one, <- the other way.",
          "Relays that fail come first, then those that drain, then what moves most.");

  private final boolean colours;
  private final int width;
  private final int height;
  private final Instant now;

  TopScreen(int width, int height, boolean colours, Instant now) {
    this.width = width;
    this.height = height;
    this.colours = colours;
    this.now = now;
  }

  List<AttributedString> draw(TopModel model) {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(header(model));
    lines.add(totals(model));
    switch (model.view()) {
      case LIST -> list(model, lines);
      case RELAY -> relay(model, lines);
      case LOG -> log(model, lines);
      case HELP -> HELP.forEach(line -> lines.add(line(PLAIN, line)));
    }
    while (lines.size() < height - 1) {
      lines.add(line(PLAIN, ""));
    }
    List<AttributedString> shown =
        new ArrayList<>(lines.subList(0, Math.max(0, Math.min(lines.size(), height - 1))));
    shown.add(footer(model));
    return shown;
  }

  private AttributedString header(TopModel model) {
    String file = Figures.plain(model.text("file"));
    return line(
        BOLD, "sluice top  " + file + (file.isEmpty() ? "" : "  version " + model.text("version")));
  }

  private AttributedString totals(TopModel model) {
    Map<String, Object> totals = model.totals();
    if (totals.isEmpty()) {
      return line(QUIET, "waiting for the fleet");
    }
    long failing = number(totals, "failing");
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(number(totals, "relays") + " relays, ");
    line.styled(failing > 0 ? bad() : PLAIN, failing + " failing");
    line.append(", " + number(totals, "draining") + " draining, ");
    line.append(number(totals, "stopped") + " stopped   ");
    line.append(number(totals, "sessions") + " sessions, ");
    line.append(number(totals, "sessions_failed") + " failed   ");
    line.append("-> " + Figures.rate(number(totals, "rate_right")));
    line.append("  <- " + Figures.rate(number(totals, "rate_left")));
    return cut(line.toAttributedString());
  }

  // --- the list

  private void list(TopModel model, List<AttributedString> lines) {
    String filter =
        model.isTyping()
            ? "filter: " + model.filter() + "_"
            : model.filter().isEmpty() ? "" : "filter: " + model.filter() + "  ";
    int last = model.offset() + model.list().size();
    String place =
        model.found() == 0 ? "no relay" : model.offset() + 1 + "-" + last + " of " + model.found();
    lines.add(line(QUIET, Figures.plain(filter) + "  order: " + model.order() + "  " + place));
    int name = Math.max(12, Math.min(32, width / 5));
    boolean hasAddresses = width >= 120;
    int state = hasAddresses ? 34 : Math.max(10, width - name - 47);
    int addresses = hasAddresses ? width - name - state - 49 : 0;
    Columns columns = new Columns(name, state, addresses);
    lines.add(columns.head());
    for (int i = 0; i < model.list().size(); i++) {
      AttributedStyle style = i == model.selected() ? PLAIN.inverse() : PLAIN;
      lines.add(columns.row(model.list().get(i), style));
    }
  }

  /** The columns whose widths depend on the terminal's; that of addresses is 0 without room. */
  private final class Columns {
    private final int name;
    private final int state;
    private final int addresses;

    Columns(int name, int state, int addresses) {
      this.name = name;
      this.state = state;
      this.addresses = addresses;
    }

    AttributedString head() {
      return line(
          BOLD,
          left("RELAY", name)
              + " "
              + left("STATE", state)
              + " "
              + right("AGE", 7)
              + right("SESSIONS", 9)
              + right("->", 11)
              + right("<-", 11)
              + right("FAILED", 7)
              + (addresses > 0 ? "  ADDRESSES" : ""));
    }

    AttributedString row(Map<String, Object> row, AttributedStyle style) {
      AttributedStringBuilder line = new AttributedStringBuilder();
      line.styled(style, left(Figures.plain(text(row, "name")), name) + " ");
      line.styled(stateStyle(row, style), left(TopScreen.state(row), state));
      line.styled(
          style,
          " "
              + right(Figures.age(text(row, "since"), now), 7)
              + right(text(row, "sessions"), 9)
              + right(Figures.rate(number(row, "rate_right")), 11)
              + right(Figures.rate(number(row, "rate_left")), 11)
              + right(text(row, "sessions_failed"), 7));
      if (addresses > 0) {
        String both = text(row, "left") + " -> " + text(row, "right");
        line.styled(style, "  " + left(Figures.plain(both), addresses));
      }
      return cut(line.toAttributedString());
    }
  }

  private static String state(Map<String, Object> row) {
    String why = text(row, "why");
    String faults = faults(row);
    return stateWord(row)
        + (why.isEmpty() ? "" : ": " + Figures.plain(why))
        + (faults.isEmpty() ? "" : ", fault " + Figures.plain(faults));
  }

  private static String faults(Map<String, Object> row) {
    return row.get("faults") instanceof List<?> all
        ? String.join(" ", all.stream().map(String::valueOf).toList())
        : "";
  }

  private static String stateWord(Map<String, Object> row) {
    boolean fails = Boolean.TRUE.equals(row.get("failing")) && text(row, "state").equals("running");
    return fails ? "failing" : text(row, "state");
  }

  private AttributedStyle stateStyle(Map<String, Object> row, AttributedStyle base) {
    if (!colours) {
      return base;
    } else if (Boolean.TRUE.equals(row.get("failing"))) {
      return base.foreground(AttributedStyle.RED);
    }
    return switch (text(row, "state")) {
      case "running" -> base.foreground(AttributedStyle.GREEN);
      case "stopped", "ended" -> base.faint();
      default -> base.foreground(AttributedStyle.YELLOW);
    };
  }

  private AttributedStyle bad() {
    return colours ? BOLD.foreground(AttributedStyle.RED) : BOLD;
  }

  // --- one relay

  private void relay(TopModel model, List<AttributedString> lines) {
    Map<String, Object> relay = model.relay();
    lines.add(line(BOLD, Figures.plain(model.current())));
    if (model.isGone()) {
      lines.add(line(bad(), "This relay is not in the fleet any more."));
      return;
    } else if (relay.isEmpty()) {
      return;
    }
    AttributedStringBuilder state = new AttributedStringBuilder();
    state.append(left("State", 12));
    state.styled(stateStyle(relay, PLAIN), state(relay));
    state.append(" for " + Figures.age(text(relay, "since"), now));
    lines.add(cut(state.toAttributedString()));
    facts(lines, relay);
    graph(lines, "->", model.right());
    graph(lines, "<-", model.left());
    members(lines, relay);
    sessions(lines, model);
  }

  private void facts(List<AttributedString> lines, Map<String, Object> relay) {
    fact(lines, "Left", text(relay, "left"));
    fact(lines, "Right", text(relay, "right"));
    fact(lines, "Listens on", text(relay, "listening"));
    fact(lines, "Upstream", text(relay, "upstream"));
    fact(lines, "Last error", text(relay, "last_error"));
    fact(
        lines,
        "Sessions",
        number(relay, "sessions")
            + " now, "
            + number(relay, "sessions_total")
            + " in all, "
            + number(relay, "sessions_failed")
            + " failed");
    fact(
        lines,
        "Moved",
        "-> "
            + Figures.bytes(number(relay, "bytes_right"))
            + "  <- "
            + Figures.bytes(number(relay, "bytes_left"))
            + "   now -> "
            + Figures.rate(number(relay, "rate_right"))
            + "  <- "
            + Figures.rate(number(relay, "rate_left")));
  }

  private void sessions(List<AttributedString> lines, TopModel model) {
    lines.add(
        line(
            BOLD,
            right("SESSION", 9)
                + "  "
                + left("PEER", 34)
                + right("AGE", 8)
                + right("->", 12)
                + right("<-", 12)
                + "  MEMBER"));
    int first = Math.min(model.scroll(), Math.max(0, model.sessions().size() - 1));
    for (Map<String, Object> session : model.sessions().subList(first, model.sessions().size())) {
      lines.add(
          line(
              PLAIN,
              right(text(session, "session"), 9)
                  + "  "
                  + left(Figures.plain(text(session, "peer")), 34)
                  + right(Figures.age(text(session, "since"), now), 8)
                  + right(Figures.bytes(number(session, "bytes_right")), 12)
                  + right(Figures.bytes(number(session, "bytes_left")), 12)
                  + "  "
                  + Figures.plain(text(session, "member"))));
    }
  }

  private void graph(List<AttributedString> lines, String arrow, List<Long> values) {
    if (!values.isEmpty()) {
      long high = values.stream().mapToLong(Long::longValue).max().orElse(0);
      String label = left(arrow + " 15 min", 12);
      String bars = Figures.bars(values, Math.max(10, width - 30));
      lines.add(line(PLAIN, label + bars + "  up to " + Figures.rate(high)));
    }
  }

  private void members(List<AttributedString> lines, Map<String, Object> relay) {
    if (!(relay.get("pool") instanceof Map<?, ?> pool)
        || !(pool.get("members") instanceof List<?> members)) {
      return;
    }
    lines.add(
        line(BOLD, left("MEMBER", 34) + left("STATE", 10) + right("SESSIONS", 9) + "  REASON"));
    for (Object one : members) {
      if (one instanceof Map<?, ?> member) {
        lines.add(
            line(
                PLAIN,
                left(Figures.plain(text(member, "name")), 34)
                    + left(text(member, "state"), 10)
                    + right(text(member, "sessions"), 9)
                    + "  "
                    + Figures.plain(text(member, "reason"))));
      }
    }
  }

  private void fact(List<AttributedString> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add(line(PLAIN, left(name, 12) + Figures.plain(value)));
    }
  }

  private void log(TopModel model, List<AttributedString> lines) {
    lines.add(line(BOLD, "What happened to " + Figures.plain(model.current())));
    List<Map<String, Object>> events = model.events();
    if (events.isEmpty()) {
      lines.add(line(QUIET, "Nothing yet."));
    }
    for (int i = events.size() - 1 - model.scroll(); i >= 0; i--) {
      String time = text(events.get(i), "time").replaceFirst("\\..*", "Z");
      lines.add(line(PLAIN, time + "  " + Figures.plain(text(events.get(i), "text"))));
    }
  }

  private AttributedString footer(TopModel model) {
    TopModel.Wish asked = model.asked();
    if (asked != null) {
      return line(
          BOLD,
          asked.verb() + " " + Figures.plain(asked.relay()) + "? Its sessions may end. y or n");
    } else if (!model.message().isEmpty()) {
      return line(bad(), Figures.plain(model.message()));
    } else if (model.view() == View.LIST) {
      return line(
          QUIET, "Enter look  / filter  o order  s stop  S start  d drain  l log  ? help  q end");
    }
    return line(QUIET, "Escape back  s stop  S start  d drain  l log  ? help");
  }

  // --- cells

  private AttributedString line(AttributedStyle style, String text) {
    return cut(new AttributedString(text, style));
  }

  private AttributedString cut(AttributedString line) {
    return line.columnLength() > width ? line.columnSubSequence(0, width) : line;
  }

  /** A text as wide as its column: cut, or filled at its right. */
  private static String left(String text, int columns) {
    String cut = text;
    if (columns(text) > columns) {
      StringBuilder shorter = new StringBuilder();
      int used = 0;
      for (int i = 0;
          i < text.length() && used < columns - 1;
          i += Character.charCount(text.codePointAt(i))) {
        int c = text.codePointAt(i);
        int wide = Math.max(0, WCWidth.wcwidth(c));
        if (used + wide > columns - 1) {
          break;
        }
        shorter.appendCodePoint(c);
        used += wide;
      }
      cut = shorter.append('~').toString();
    }
    return cut + " ".repeat(Math.max(0, columns - columns(cut)));
  }

  private static String right(String text, int columns) {
    return " ".repeat(Math.max(0, columns - columns(text))) + text;
  }

  private static int columns(String text) {
    return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
  }

  private static String text(Map<?, ?> object, String key) {
    return Objects.toString(object.get(key), "");
  }

  private static long number(Map<?, ?> object, String key) {
    return object.get(key) instanceof Number number ? number.longValue() : 0;
  }
}
