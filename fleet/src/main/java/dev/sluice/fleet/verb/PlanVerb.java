package dev.sluice.fleet.verb;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Shows what an apply would do. */
@Command(
    name = "plan",
    description = "Shows what apply would change, and what becomes of sessions.")
final class PlanVerb extends Asking {
  PlanVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    return show(this, ask("GET", "/v1/plan", null, 400));
  }

  /** Prints a change that is planned or done. */
  static int show(Asking verb, ApiClient.Answer answer) {
    if (verb.isJson()) {
      verb.terminal().out().print(answer.body());
      return answer.isOk() ? 0 : 1;
    }
    Map<String, ?> change = answer.object();
    List<?> problems = texts(change, "problems");
    if (!problems.isEmpty()) {
      problems.forEach(verb.terminal().err()::println);
      throw new Refusal("the file is wrong, so nothing was changed");
    }
    for (Map<String, Object> one : list(change, "changes")) {
      List<?> keys = texts(one, "keys");
      verb.print(
          text(one, "sign")
              + " "
              + text(one, "name")
              + " ("
              + (keys.isEmpty()
                  ? ""
                  : String.join(", ", keys.stream().map(Object::toString).toList()) + ": ")
              + text(one, "kind")
              + "): "
              + text(one, "effect"));
    }
    for (Map<String, Object> one : list(change, "pools")) {
      String keys = String.join(", ", texts(one, "keys").stream().map(Object::toString).toList());
      verb.print(
          text(one, "sign")
              + " pool "
              + text(one, "name")
              + (keys.isEmpty() ? "" : " (" + keys + ")")
              + ": "
              + text(one, "effect"));
    }
    texts(change, "by_hand").forEach(line -> verb.print("by hand: " + line));
    verb.print(text(change, "summary") + " (version " + text(change, "version") + ")");
    return 0;
  }
}
