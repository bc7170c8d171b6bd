package dev.sluice.fleet.verb;

import picocli.CommandLine.Command;

/** Prints what runs as a file. */
@Command(
    name = "export",
    description = "Prints what runs as a fleet file; secrets are named, not shown.")
final class ExportVerb extends Asking {
  ExportVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ApiClient.Answer answer = ask("GET", "/v1/export", null);
    if (isJson()) {
      throw new Refusal("a fleet file is not JSON: use status --json");
    }
    terminal().out().print(answer.body());
    return 0;
  }
}
