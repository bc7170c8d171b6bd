package dev.sluice.fleet.verb;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what happened. */
@Command(
    name = "log",
    description = "Shows the last things that happened, and warnings and errors of relays.")
final class LogVerb extends Asking {
  private static final String DATA = "data: ";

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "A relay, or a pattern with * and ?.")
  private @Nullable String name;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on with what happens next.")
  private boolean follow;

  LogVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<String> query = name == null ? List.of() : List.of("name", name);
    if (follow) {
      client()
          .ask(
              "GET",
              ApiClient.path("/v1/events", query),
              null,
              line -> {
                if (line.startsWith(DATA)) {
                  show(line.substring(DATA.length()));
                }
              });
      throw new Refusal("the fleet has ended");
    }
    ApiClient.Answer answer = ask("GET", ApiClient.path("/v1/log", query), null);
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      list(answer.object(), "events").forEach(this::show);
    }
    return 0;
  }

  private void show(String json) {
    if (isJson()) {
      print(json);
    } else {
      show(ConfigFactory.parseString(json).root().unwrapped());
    }
    terminal().flush();
  }

  private void show(Map<String, Object> event) {
    print(text(event, "time") + " " + text(event, "relay") + ": " + text(event, "text"));
  }
}
