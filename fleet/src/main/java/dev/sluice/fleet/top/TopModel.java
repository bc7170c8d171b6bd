package dev.sluice.fleet.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user of {@code top} looks at and has chosen. Knows nothing of terminals and connections:
 * it is told keys and events, and says what is to be asked. For one thread.
 */
final class TopModel {
  /** What the screen shows. */
  enum View {
    LIST,
    RELAY,
    LOG,
    HELP
  }

  private static final List<String> ORDERS = List.of("worst", "rate", "sessions", "failed", "name");
  private static final List<String> LEVELS = List.of("none", "read", "operate", "admin");

  /**
   * Something that the fleet is to do.
   *
   * @param verb of the API: start, stop or drain
   * @param relay to which relay
   */
  record Wish(String verb, String relay) {}

  private View view = View.LIST;
  private View behindHelp = View.LIST;
  private String filter = "";
  private boolean typing;
  private int order;
  private int offset;
  private int selected;
  private int scroll;
  private int rows = 10;
  private String relay = "";
  private String message = "";
  private boolean ended;
  private @Nullable Wish asked;
  private @Nullable Wish wish;
  private Map<String, Object> event = Map.of();
  private List<Long> right = List.of();
  private List<Long> left = List.of();

  // --- what it is told

  /** So many relays fit on the screen. */
  void room(int count) {
    rows = Math.max(1, count);
  }

  void update(Map<String, Object> newEvent) {
    event = newEvent;
    selected = Math.max(0, Math.min(selected, list().size() - 1));
    if (list().isEmpty() && offset > 0) {
      offset = 0;
    }
  }

  void history(List<Long> newRight, List<Long> newLeft) {
    right = newRight;
    left = newLeft;
  }

  /** What became of a wish, or of the connection. */
  void say(String text) {
    message = text;
  }

  void press(Key key) {
    message = "";
    if (key.kind() == Key.Kind.INTERRUPT) {
      ended = true;
    } else if (asked != null) {
      wish = key.text().equals("y") ? asked : null;
      asked = null;
    } else if (typing) {
      type(key);
    } else {
      command(key);
    }
  }

  private void type(Key key) {
    switch (key.kind()) {
      case ENTER -> typing = false;
      case ESCAPE -> {
        typing = false;
        filter = "";
      }
      case BACKSPACE ->
          filter =
              filter.isEmpty()
                  ? ""
                  : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1));
      case TEXT -> filter += key.text();
      default -> {
        return;
      }
    }
    offset = 0;
    selected = 0;
  }

  private void command(Key key) {
    switch (key.kind()) {
      case UP -> move(-1);
      case DOWN -> move(1);
      case PAGE_UP -> move(-rows);
      case PAGE_DOWN -> move(rows);
      case HOME -> move(-found());
      case END -> move(found());
      case ENTER -> open();
      case ESCAPE -> back();
      case TEXT -> letter(key.text());
      default -> {
        return;
      }
    }
  }

  private void quit() {
    if (view == View.LIST) {
      ended = true;
    } else {
      back();
    }
  }

  private void letter(String letter) {
    switch (letter) {
      case "q" -> quit();
      case "?", "h" -> {
        if (view != View.HELP) {
          behindHelp = view;
          view = View.HELP;
        }
      }
      case "/" -> {
        view = View.LIST;
        typing = true;
      }
      case "o" -> {
        order = (order + 1) % ORDERS.size();
        offset = 0;
        selected = 0;
      }
      case "k" -> move(-1);
      case "j" -> move(1);
      case "l" -> {
        open();
        if (view == View.RELAY) {
          view = View.LOG;
          scroll = 0;
        }
      }
      case "S" -> ask("start");
      case "s" -> ask("stop");
      case "d" -> ask("drain");
      default -> {
        return;
      }
    }
  }

  private void ask(String verb) {
    String name = current();
    if (view == View.HELP || name.isEmpty()) {
      return;
    } else if (LEVELS.indexOf(text("access")) < LEVELS.indexOf("operate")) {
      message = "you may only look at this fleet";
    } else if (verb.equals("start")) {
      wish = new Wish(verb, name);
    } else {
      asked = new Wish(verb, name);
    }
  }

  private void open() {
    if (view == View.LIST && !current().isEmpty()) {
      relay = current();
      view = View.RELAY;
      scroll = 0;
      history(List.of(), List.of());
    }
  }

  private void back() {
    switch (view) {
      case HELP -> view = behindHelp;
      case LOG -> view = View.RELAY;
      case RELAY -> view = View.LIST;
      case LIST -> filter = "";
    }
    scroll = 0;
  }

  private void move(int by) {
    if (view != View.LIST) {
      scroll = (int) Math.max(0, Math.min((long) scroll + by, 1000));
      return;
    }
    long wanted = Math.max(0, Math.min((long) offset + selected + by, found() - 1L));
    if (wanted < offset) {
      offset = (int) wanted;
    } else if (wanted >= offset + rows) {
      offset = (int) (wanted - rows + 1);
    }
    selected = (int) (wanted - offset);
  }

  // --- what it says

  boolean hasEnded() {
    return ended;
  }

  /** What the fleet is to do; told once. */
  @Nullable Wish takeWish() {
    Wish taken = wish;
    wish = null;
    return taken;
  }

  /** What to ask the stream for: names and values. */
  List<String> query() {
    List<String> query = new ArrayList<>();
    if (!relay.isEmpty() && shown() != View.LIST) {
      query.addAll(List.of("relay", relay));
    } else {
      query.addAll(
          List.of(
              "text", filter,
              "order", order(),
              "offset", String.valueOf(offset),
              "limit", String.valueOf(rows)));
    }
    return query;
  }

  /** The view behind the help, or the one that is shown. */
  private View shown() {
    return view == View.HELP ? behindHelp : view;
  }

  View view() {
    return view;
  }

  String filter() {
    return filter;
  }

  boolean isTyping() {
    return typing;
  }

  String order() {
    return ORDERS.get(order);
  }

  String message() {
    return message;
  }

  @Nullable Wish asked() {
    return asked;
  }

  int offset() {
    return offset;
  }

  int selected() {
    return selected;
  }

  int scroll() {
    return scroll;
  }

  List<Long> right() {
    return right;
  }

  List<Long> left() {
    return left;
  }

  /** The relay that keys are about; empty when there is none. */
  String current() {
    if (shown() != View.LIST) {
      return relay;
    }
    List<Map<String, Object>> list = list();
    return selected < list.size() ? Objects.toString(list.get(selected).get("name"), "") : "";
  }

  /** How many relays there are that the filter lets through. */
  int found() {
    return object(event, "list").get("found") instanceof Number number ? number.intValue() : 0;
  }

  String text(String key) {
    return Objects.toString(event.get(key), "");
  }

  Map<String, Object> totals() {
    return object(event, "totals");
  }

  /** The rows of the list. */
  List<Map<String, Object>> list() {
    return objects(object(event, "list"), "rows");
  }

  /** The relay that is looked at; empty until the stream tells of it. */
  Map<String, Object> relay() {
    Map<String, Object> told = object(event, "relay");
    return relay.equals(told.get("name")) ? told : Map.of();
  }

  /** Whether the stream has told that there is no such relay. */
  boolean isGone() {
    return event.containsKey("relay") && event.get("relay") == null;
  }

  List<Map<String, Object>> sessions() {
    return objects(event, "sessions");
  }

  /** What happened to the relay and what it logged, oldest first. */
  List<Map<String, Object>> events() {
    List<Map<String, Object>> all = new ArrayList<>(objects(event, "events"));
    all.addAll(objects(event, "log"));
    all.sort(
        Comparator.comparingLong(one -> one.get("id") instanceof Number id ? id.longValue() : 0));
    return all;
  }

  @SuppressWarnings("unchecked") // objects of the API have texts as keys
  private static Map<String, Object> object(Map<String, Object> of, String key) {
    return of.get(key) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  @SuppressWarnings("unchecked") // lists of the API are lists of objects
  private static List<Map<String, Object>> objects(Map<String, Object> of, String key) {
    return of.get(key) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
  }
}
