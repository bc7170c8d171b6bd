package dev.sluice.fleet.verb;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how the members of pools are. */
@Command(
    name = "pools",
    description = {
      "Shows how the members of pools are, and why one is down.",
      "The exit status is 2 when no member of a pool that is shown can serve."
    })
final class PoolsVerb extends Asking {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "A pool.")
  private @Nullable String name;

  @Option(names = "--names", description = "Prints names alone, one a line.")
  private boolean names;

  PoolsVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ApiClient.Answer answer =
        ask("GET", "/v1/pools" + (name == null ? "" : "/" + ApiClient.encoded(name)), null);
    List<Map<String, Object>> pools =
        name == null ? list(answer.object(), "pools") : List.of(Asking.object(answer));
    if (names) {
      pools.forEach(one -> print(text(one, "name")));
      return 0;
    }
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      table(pools).lines().forEach(this::print);
    }
    return pools.stream().allMatch(pool -> Boolean.TRUE.equals(pool.get("serving"))) ? 0 : 2;
  }

  static Table table(List<Map<String, Object>> pools) {
    Table table =
        new Table(
            "POOL", "MEMBER", "STATE", "WEIGHT", "SESSIONS", "TOTAL", "FAILED", "BY HAND", "WHY");
    for (Map<String, Object> pool : pools) {
      for (Map<String, Object> member : list(pool, "members")) {
        boolean backup = Boolean.TRUE.equals(member.get("backup"));
        table.row(
            text(pool, "name"),
            text(member, "name"),
            text(member, "state") + (backup ? ", backup" : ""),
            text(member, "weight"),
            text(member, "sessions"),
            text(member, "sessions_total"),
            text(member, "connect_failures"),
            text(member, "by_hand"),
            text(member, "reason"));
      }
    }
    return table;
  }
}
