package dev.sluice.fleet.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the file run as it is now. */
@Command(
    name = "apply",
    description = {
      "Reads the fleet's file again and has what it says run; all of it or nothing.",
      "The exit status is 1 when nothing was changed, 2 when not all that was is up."
    })
final class ApplyVerb extends Asking {
  @Option(
      names = "--wait",
      paramLabel = "TIME",
      arity = "0..1",
      fallbackValue = "30s",
      description = "Waits until what was changed is up, 30s without a TIME.")
  private @Nullable String wait;

  @Option(
      names = "--or-rollback",
      description = "Undoes the change when it is not up in time; waits as --wait does.")
  private boolean rollback;

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "Refuses if another change came since plan showed that version.")
  private @Nullable Long version;

  ApplyVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<String> query = new ArrayList<>();
    if (wait != null || rollback) {
      query.addAll(List.of("wait", wait == null ? "30s" : wait));
    }
    if (rollback) {
      query.addAll(List.of("rollback", "true"));
    }
    if (version != null) {
      query.addAll(List.of("against", version.toString()));
    }
    ApiClient.Answer answer = ask("POST", ApiClient.path("/v1/apply", query), null, 400, 409);
    Map<String, ?> change = answer.object();
    if (change.get("error") != null) {
      throw new Refusal(text(change, "error"));
    }
    if (answer.status() == 409 && change.get("summary") == null) {
      if (isJson()) {
        terminal().out().print(answer.body());
      }
      throw new Refusal(
          "the fleet has changed since; it has version " + text(change, "version") + " now");
    }
    int status = PlanVerb.show(this, answer);
    List<?> missing = texts(change, "not_ready");
    if (missing.isEmpty()) {
      return status;
    }
    missing.forEach(name -> terminal().err().println("not up: " + name));
    if (Boolean.TRUE.equals(change.get("rolled_back"))) {
      terminal().err().println("the change was undone");
      return 1;
    }
    return 2;
  }
}
