package dev.sluice.fleet.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how the relays are. */
@Command(
    name = "status",
    description = {
      "Shows how the relays are.",
      "The exit status is 2 when one of those shown is failing."
    })
final class StatusVerb extends Asking {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "A relay, or a pattern with * and ?.")
  private @Nullable String name;

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description = "Only relays of this group.")
  private @Nullable String group;

  @Option(names = "--failing", description = "Only relays that something is in the way of.")
  private boolean failing;

  @Option(names = "--names", description = "Prints names alone, one a line.")
  private boolean names;

  StatusVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<String> query = new ArrayList<>();
    if (name != null) {
      query.addAll(List.of("name", name));
    }
    if (group != null) {
      query.addAll(List.of("group", group));
    }
    if (failing) {
      query.addAll(List.of("failing", "true"));
    }
    ApiClient.Answer answer = ask("GET", ApiClient.path("/v1/relays", query), null);
    List<Map<String, Object>> relays = list(answer.object(), "relays");
    if (names) {
      relays.forEach(one -> print(text(one, "name")));
      return 0;
    }
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      table(relays);
      if (query.isEmpty()) {
        List<Map<String, Object>> pools = list(ask("GET", "/v1/pools", null).object(), "pools");
        if (!pools.isEmpty()) {
          print("");
          PoolsVerb.table(pools).lines().forEach(this::print);
        }
      }
    }
    return relays.stream().anyMatch(relay -> Boolean.TRUE.equals(relay.get("failing"))) ? 2 : 0;
  }

  private void table(List<Map<String, Object>> relays) {
    boolean isOwned = relays.stream().anyMatch(relay -> !text(relay, "owner").isEmpty());
    List<String> heads =
        new ArrayList<>(
            List.of("RELAY", "STATE", "UPSTREAM", "SESSIONS", "TOTAL", "FAILED", "WHY"));
    if (isOwned) {
      heads.add(2, "OWNER");
    }
    Table table = new Table(heads.toArray(String[]::new));
    for (Map<String, Object> relay : relays) {
      boolean tells = Boolean.TRUE.equals(relay.get("failing"));
      List<String> row =
          new ArrayList<>(
              List.of(
                  text(relay, "name"),
                  text(relay, "state"),
                  text(relay, "upstream"),
                  text(relay, "sessions"),
                  text(relay, "sessions_total"),
                  text(relay, "sessions_failed"),
                  tells ? text(relay, "why") : ""));
      if (isOwned) {
        row.add(2, text(relay, "owner"));
      }
      table.row(row.toArray(String[]::new));
    }
    table.lines().forEach(this::print);
  }
}
