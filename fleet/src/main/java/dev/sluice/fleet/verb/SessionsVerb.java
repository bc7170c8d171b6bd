package dev.sluice.fleet.verb;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists sessions. */
@Command(name = "sessions", description = "Lists the sessions that are alive.")
final class SessionsVerb extends Asking {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "A relay, or a pattern with * and ?.")
  private @Nullable String name;

  SessionsVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<String> query = name == null ? List.of() : List.of("name", name);
    ApiClient.Answer answer = ask("GET", ApiClient.path("/v1/sessions", query), null);
    if (isJson()) {
      terminal().out().print(answer.body());
      return 0;
    }
    Table table = new Table("RELAY", "SESSION", "PEER", "SINCE", "MEMBER", "RIGHT", "LEFT");
    for (Map<String, Object> session : list(answer.object(), "sessions")) {
      table.row(
          text(session, "relay"),
          text(session, "session"),
          text(session, "peer"),
          text(session, "since"),
          text(session, "member"),
          text(session, "bytes_right"),
          text(session, "bytes_left"));
    }
    table.lines().forEach(this::print);
    return 0;
  }
}
