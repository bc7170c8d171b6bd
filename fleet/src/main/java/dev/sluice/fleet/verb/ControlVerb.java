package dev.sluice.fleet.verb;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts, stops or drains relays: a class for each verb, since each has its help. */
abstract class ControlVerb extends Asking {
  private final String verb;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "A relay, or a pattern with * and ?.")
  private @Nullable String name;

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description = "Relays of this group.")
  private @Nullable String group;

  ControlVerb(Terminal terminal, String verb) {
    super(terminal);
    this.verb = verb;
  }

  @Override
  public Integer call() {
    if ((name == null) == (group == null)) {
      throw new Refusal("needs either a NAME (* for all) or --group");
    }
    List<String> query =
        name == null ? List.of("group", String.valueOf(group)) : List.of("name", name);
    ApiClient.Answer answer =
        client().ask("POST", ApiClient.path("/v1/relays:" + verb, query), null);
    if (answer.status() == 404) {
      throw new Refusal("no relay is called that");
    }
    answer =
        answer.isOk() ? answer : ask("POST", ApiClient.path("/v1/relays:" + verb, query), null);
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      texts(answer.object(), "done").forEach(one -> print(verb + " " + one));
    }
    return 0;
  }

  @Command(
      name = "start",
      description = "Has relays run that were stopped or drained by hand, or tries again at once.")
  static final class Start extends ControlVerb {
    Start(Terminal terminal) {
      super(terminal, "start");
    }
  }

  @Command(
      name = "stop",
      description =
          "Ends relays with their sessions, until start; an apply changes nothing of that.")
  static final class Stop extends ControlVerb {
    Stop(Terminal terminal) {
      super(terminal, "stop");
    }
  }

  @Command(
      name = "drain",
      description = "Takes no more sessions; those that are there have the relay's drain to end.")
  static final class Drain extends ControlVerb {
    Drain(Terminal terminal) {
      super(terminal, "drain");
    }
  }
}
