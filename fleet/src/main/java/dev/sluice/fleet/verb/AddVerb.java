package dev.sluice.fleet.verb;

import dev.sluice.fleet.file.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a relay that no file has. */
@Command(
    name = "add",
    description = {
      "Adds a relay to the fleet that runs: the words of a command line behind --.",
      "It stays through applies until rm; without a snapshot it is gone with the process."
    })
final class AddVerb extends Asking {
  @Parameters(index = "0", paramLabel = "NAME", description = "What the relay is called.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "2..*",
      paramLabel = "WORD",
      description = "Options, then the left and the right address.")
  private List<String> words = List.of();

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description = "The group that it belongs to.")
  private @Nullable String group;

  AddVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Map<String, Object> relay = new LinkedHashMap<>();
    relay.put("left", words.get(words.size() - 2));
    relay.put("right", words.get(words.size() - 1));
    relay.put("options", words.subList(0, words.size() - 2));
    if (group != null) {
      relay.put("group", group);
    }
    ApiClient.Answer answer = ask("PUT", "/v1/relays/" + ApiClient.encoded(name), Json.of(relay));
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      print("added " + name);
    }
    return 0;
  }
}
