package dev.sluice.fleet.verb;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a relay that was added by hand. */
@Command(
    name = "rm",
    description = "Removes a relay that was added with add; those of a file go with the file.")
final class RmVerb extends Asking {
  @Parameters(paramLabel = "NAME", description = "The relay.")
  private String name = "";

  RmVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ApiClient.Answer answer = ask("DELETE", "/v1/relays/" + ApiClient.encoded(name), null);
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      print("removed " + name);
    }
    return 0;
  }
}
