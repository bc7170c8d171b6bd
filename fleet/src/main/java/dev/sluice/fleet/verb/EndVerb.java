package dev.sluice.fleet.verb;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends a session. */
@Command(name = "end", description = "Ends one session.")
final class EndVerb extends Asking {
  @Parameters(index = "0", paramLabel = "NAME", description = "The session's relay.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "SESSION", description = "Its number, from sessions.")
  private long session;

  EndVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ApiClient.Answer answer =
        ask("DELETE", "/v1/sessions/" + ApiClient.encoded(name) + "/" + session, null);
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      print("session " + session + " of " + name + " ends");
    }
    return 0;
  }
}
