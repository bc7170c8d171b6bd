package dev.sluice.fleet.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the sessions of relays suffer faults, or no more. */
@Command(
    name = "fault",
    description = {
      "Has the sessions of relays suffer faults, or no more; docs/fleet.md has the list.",
      "It stays through every apply, and plan shows it."
    })
final class FaultVerb extends Asking {
  /** What is to be done. */
  enum Action {
    /** Adds faults. */
    add,
    /** Removes faults; all of them when none is named. */
    rm,
    /** Goes back to those of the file. */
    reset,
    /** Lists the relays that have faults. */
    ls
  }

  @Parameters(index = "0", paramLabel = "add|rm|reset|ls", description = "What to do.")
  private Action action = Action.ls;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "A relay, or a pattern with * and ?.")
  private @Nullable String name;

  @Parameters(
      index = "2..*",
      paramLabel = "FAULT",
      description = "Such as latency:50ms~10ms, loss:1%%:up or reset@10s:p=5%%.")
  private List<String> faults = List.of();

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description = "Relays of this group; the first word is a fault then.")
  private @Nullable String group;

  @Option(
      names = "--end-sessions",
      description = "Ends the sessions that began without a fault, and so can't have one.")
  private boolean ends;

  FaultVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (action == Action.ls) {
      return list();
    }
    List<String> texts = new ArrayList<>(faults);
    List<String> query = new ArrayList<>();
    if (group != null) {
      query.addAll(List.of("group", group));
      if (name != null) {
        texts.add(0, name);
      }
    } else if (name == null) {
      throw new Refusal("needs either a NAME (* for all) or --group");
    } else {
      query.addAll(List.of("name", name));
    }
    if (action == Action.add && texts.isEmpty()) {
      throw new Refusal("which fault? Such as latency:50ms");
    } else if (action == Action.reset && !texts.isEmpty()) {
      throw new Refusal("reset goes back to the faults of the file, and takes none");
    } else if (action == Action.reset) {
      query.addAll(List.of("reset", "1"));
    } else if (texts.isEmpty()) {
      query.addAll(List.of("clear", "1"));
    }
    if (ends) {
      query.addAll(List.of("end", "1"));
    }
    texts.forEach(text -> query.addAll(List.of(action.name(), text)));
    ApiClient.Answer answer = ask("POST", ApiClient.path("/v1/relays:faults", query), null);
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      texts(answer.object(), "done").forEach(one -> print("fault " + action + " " + one));
    }
    return 0;
  }

  private int list() {
    List<String> query = new ArrayList<>();
    if (name != null) {
      query.addAll(List.of("name", name));
    }
    if (group != null) {
      query.addAll(List.of("group", group));
    }
    ApiClient.Answer answer = ask("GET", ApiClient.path("/v1/relays", query), null);
    if (isJson()) {
      terminal().out().print(answer.body());
      return 0;
    }
    Table table = new Table("RELAY", "FAULTS", "SET");
    for (Map<String, Object> relay : list(answer.object(), "relays")) {
      List<?> some = texts(relay, "faults");
      boolean byHand = Boolean.TRUE.equals(relay.get("faults_by_hand"));
      if (!some.isEmpty() || byHand) {
        table.row(
            text(relay, "name"),
            some.isEmpty() ? "none" : String.join(" ", some.stream().map(String::valueOf).toList()),
            byHand ? "by hand" : "in the file");
      }
    }
    table.lines().forEach(this::print);
    return 0;
  }
}
