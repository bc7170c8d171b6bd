package dev.sluice.fleet.watch;

import dev.sluice.fleet.run.FleetStatus.RelayStatus;
import dev.sluice.fleet.run.RelayState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which relays a screen shows, in which order, and which part of them. Immutable.
 *
 * @param text words that must all be found in the name, group, labels, addresses or state; a word
 *     {@code key=value} is a label
 * @param state only relays of this state, {@code failing}, {@code faulty} for those that suffer one
 *     on purpose, or empty for all
 * @param order what comes first
 * @param folds whether relays stand beneath their groups
 * @param open groups whose relays are shown, where they are folded
 * @param offset rows that are left out at the beginning
 * @param limit rows at most
 */
public record RelayList(
    String text,
    String state,
    Order order,
    boolean folds,
    Set<String> open,
    int offset,
    int limit) {
  /** The name of what belongs to no group. */
  public static final String NO_GROUP = "";

  /** What comes first. */
  public enum Order {
    /** What needs somebody's eye: failing, draining, then what moves most. */
    WORST,
    NAME,
    /** What moves most bytes in a second. */
    RATE,
    SESSIONS,
    /** What most sessions failed of. */
    FAILED
  }

  /** A row: a relay, or a group with sums. */
  public sealed interface Row {}

  /** One relay. */
  public record RelayRow(RelayStatus relay, Sample.Rate rate) implements Row {}

  /** The relays of a group together. */
  public record GroupRow(
      String name,
      int relays,
      int failing,
      long sessions,
      long failed,
      Sample.Rate rate,
      boolean isOpen)
      implements Row {}

  /**
   * A part of the list.
   *
   * @param found rows that there are
   * @param matching relays that were not left out
   * @param rows of this part
   */
  public record Page(int found, int matching, List<Row> rows) {}

  /** The part of the list that was asked for. */
  public Page page(Sample sample) {
    Predicate<RelayStatus> filter = filter();
    List<RelayRow> matching = new ArrayList<>();
    for (RelayStatus relay : sample.status().relays()) {
      if (filter.test(relay)) {
        matching.add(new RelayRow(relay, sample.rate(relay.definition().name())));
      }
    }
    matching.sort(comparator());
    List<Row> rows = folds ? folded(matching) : new ArrayList<>(matching);
    int from = Math.min(offset, rows.size());
    int to = (int) Math.min((long) from + limit, rows.size());
    return new Page(rows.size(), matching.size(), List.copyOf(rows.subList(from, to)));
  }

  private List<Row> folded(List<RelayRow> relays) {
    Map<String, List<RelayRow>> groups = new TreeMap<>();
    for (RelayRow row : relays) {
      groups
          .computeIfAbsent(
              row.relay().definition().group().orElse(NO_GROUP), any -> new ArrayList<>())
          .add(row);
    }
    List<Row> rows = new ArrayList<>();
    groups.forEach(
        (name, members) -> {
          boolean isOpen = open.contains(name);
          rows.add(group(name, members, isOpen));
          if (isOpen) {
            rows.addAll(members);
          }
        });
    return rows;
  }

  private static GroupRow group(String name, List<RelayRow> members, boolean isOpen) {
    int failing = 0;
    long sessions = 0;
    long failed = 0;
    Sample.Rate rate = Sample.Rate.ZERO;
    for (RelayRow row : members) {
      failing += row.relay().isFailing() ? 1 : 0;
      sessions += row.relay().sums().active();
      failed += row.relay().sums().failed();
      rate = rate.plus(row.rate());
    }
    return new GroupRow(name, members.size(), failing, sessions, failed, rate, isOpen);
  }

  private Comparator<RelayRow> comparator() {
    Comparator<RelayRow> byName = Comparator.comparing(row -> row.relay().definition().name());
    Comparator<RelayRow> first =
        switch (order) {
          case WORST ->
              Comparator.<RelayRow>comparingInt(row -> rank(row.relay()))
                  .thenComparing(Comparator.comparingDouble((RelayRow row) -> -row.rate().both()));
          case NAME -> byName;
          case RATE -> Comparator.comparingDouble(row -> -row.rate().both());
          case SESSIONS -> Comparator.comparingLong(row -> -row.relay().sums().active());
          case FAILED -> Comparator.comparingLong(row -> -row.relay().sums().failed());
        };
    return first.thenComparing(byName);
  }

  private static int rank(RelayStatus relay) {
    if (relay.isFailing()) {
      return relay.state() == RelayState.RETRYING ? 1 : 0;
    }
    return switch (relay.state()) {
      case DRAINING -> 2;
      case WAITING, STARTING, RETRYING -> 3;
      case RUNNING -> 4;
      case STOPPED, ENDED, ELSEWHERE -> 5;
    };
  }

  private Predicate<RelayStatus> filter() {
    List<Predicate<RelayStatus>> all = new ArrayList<>();
    if (state.equals("failing")) {
      all.add(RelayStatus::isFailing);
    } else if (state.equals("faulty")) {
      all.add(relay -> !relay.faults().isEmpty());
    } else if (!state.isEmpty()) {
      all.add(relay -> relay.state().text().equals(state));
    }
    for (String word : text.toLowerCase(Locale.ROOT).strip().split("\\s+", -1)) {
      if (!word.isEmpty()) {
        all.add(relay -> matches(relay, word));
      }
    }
    return relay -> all.stream().allMatch(one -> one.test(relay));
  }

  private static boolean matches(RelayStatus relay, String word) {
    var definition = relay.definition();
    return has(definition.name(), word)
        || has(definition.group().orElse(""), word)
        || has(definition.left(), word)
        || has(definition.right(), word)
        || has(relay.state().text(), word)
        || definition.labels().entrySet().stream()
            .anyMatch(label -> has(label.getKey() + "=" + label.getValue(), word));
  }

  private static boolean has(String text, String word) {
    return text.toLowerCase(Locale.ROOT).contains(word);
  }
}
