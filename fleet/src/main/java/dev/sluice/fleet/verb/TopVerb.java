package dev.sluice.fleet.verb;

import com.typesafe.config.ConfigFactory;
import dev.sluice.fleet.top.Figures;
import dev.sluice.fleet.top.Top;
import dev.sluice.fleet.top.TopFeed;
import dev.sluice.os.LibC;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a fleet on a screen, or once as a table. */
@Command(
    name = "top",
    description = {
      "Shows how the relays are and what moves, each second.",
      "Key ? lists the keys. In a pipe, or in a terminal without abilities, it prints one table."
    })
final class TopVerb extends Asking {
  private static final String DATA = "data: ";

  @Option(names = "--once", description = "Prints one table.")
  private boolean once;

  @Option(
      names = {"-n", "--rows"},
      paramLabel = "COUNT",
      defaultValue = "50",
      description = "Rows of that table, 200 at most. Default: ${DEFAULT-VALUE}.")
  private int rows;

  TopVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    boolean isScreen =
        LibC.isTerminal(0) && LibC.isTerminal(1) && Top.canShow(System.getenv("TERM"));
    if (isJson()) {
      print(first());
    } else if (once || !isScreen) {
      table(object(first()));
    } else {
      ask("GET", "/livez", null); // a fleet that is not there is told before the screen is taken
      String noColour = System.getenv("NO_COLOR");
      new Top(new Feed(client()), noColour == null || noColour.isEmpty()).run();
    }
    return 0;
  }

  /** The second event of the stream: the first one has no rates. */
  private String first() {
    String[] last = {""};
    int[] count = {0};
    try {
      client()
          .ask(
              "GET",
              ApiClient.path("/v1/live", List.of("limit", String.valueOf(Math.max(1, rows)))),
              null,
              line -> {
                if (line.startsWith(DATA)) {
                  last[0] = line.substring(DATA.length());
                  if (++count[0] == 2) {
                    throw new Enough();
                  }
                } else if (count[0] == 0 && line.startsWith("{")) {
                  throw new Refusal(String.valueOf(object(line).get("error")));
                }
              });
    } catch (Enough e) {
      return last[0];
    }
    throw new Refusal("the fleet has ended");
  }

  /** As much was read as is wanted. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("", null, false, false);
    }
  }

  private void table(Map<String, Object> event) {
    Instant now = Instant.now();
    Map<?, ?> totals = map(event, "totals");
    Map<?, ?> list = map(event, "list");
    print(
        text(totals, "relays")
            + " relays, "
            + text(totals, "failing")
            + " failing, "
            + text(totals, "sessions")
            + " sessions, -> "
            + Figures.rate(number(totals, "rate_right"))
            + ", <- "
            + Figures.rate(number(totals, "rate_left")));
    Table table = new Table("RELAY", "STATE", "AGE", "SESSIONS", "->", "<-", "FAILED", "WHY");
    for (Map<String, Object> row : list(list, "rows")) {
      table.row(
          Figures.plain(text(row, "name")),
          text(row, "state"),
          Figures.age(text(row, "since"), now),
          text(row, "sessions"),
          Figures.rate(number(row, "rate_right")),
          Figures.rate(number(row, "rate_left")),
          text(row, "sessions_failed"),
          Figures.plain(text(row, "why")));
    }
    table.lines().forEach(this::print);
    long more = number(list, "found") - list(list, "rows").size();
    if (more > 0) {
      print("and " + more + " more");
    }
  }

  private static Map<?, ?> map(Map<?, ?> of, String key) {
    return of.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static long number(Map<?, ?> of, String key) {
    return of.get(key) instanceof Number number ? number.longValue() : 0;
  }

  private static Map<String, Object> object(String json) {
    return ConfigFactory.parseString(json).root().unwrapped();
  }

  /** The fleet by its API. */
  private record Feed(ApiClient client) implements TopFeed {
    @Override
    public Stream follow(
        List<String> query, Consumer<Map<String, Object>> events, Consumer<String> ended) {
      ApiClient.Following following =
          client.follow(
              ApiClient.path("/v1/live", query),
              line -> {
                if (line.startsWith(DATA)) {
                  events.accept(object(line.substring(DATA.length())));
                }
              },
              ended);
      return following::close;
    }

    @Override
    public @Nullable Map<String, Object> history(String relay) {
      try {
        return object(
            client.ask("GET", ApiClient.path("/v1/history", List.of("relay", relay)), null).body());
      } catch (Refusal e) {
        return null; // the stream tells that nobody answers
      }
    }

    @Override
    public @Nullable String operate(String verb, String relay) {
      try {
        ApiClient.Answer answer =
            client.ask("POST", ApiClient.path("/v1/relays:" + verb, List.of("name", relay)), null);
        return answer.isOk() ? null : String.valueOf(answer.object().get("error"));
      } catch (Refusal e) {
        return e.getMessage();
      }
    }
  }
}
