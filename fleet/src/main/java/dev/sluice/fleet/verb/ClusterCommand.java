package dev.sluice.fleet.verb;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code sluice cluster VERB}: asks a fleet that is part of a cluster. */
@Command(
    name = "sluice cluster",
    description = "Shows and moves relays on the nodes of a cluster.",
    synopsisSubcommandLabel = "VERB",
    sortOptions = false)
public final class ClusterCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help itself
  private boolean help;

  private ClusterCommand() {}

  /** Runs the verb that the words ask for; returns the exit status. */
  public static int run(List<String> words) {
    Terminal terminal = Terminal.standard();
    CommandLine line =
        new CommandLine(new ClusterCommand())
            .addSubcommand(new Status(terminal))
            .addSubcommand(new Drain(terminal))
            .addSubcommand(new Undrain(terminal))
            .addSubcommand(new Down(terminal))
            .addSubcommand(new Move(terminal))
            .addSubcommand(new Unmove(terminal));
    return FleetCommand.execute(line, "sluice cluster", words, terminal);
  }

  @Override
  public Integer call() {
    throw new Refusal("which verb? See: sluice cluster --help");
  }

  /** Shows nodes and owners. */
  @Command(
      name = "status",
      description = {
        "Shows the nodes, and which node owns which relay.",
        "The exit status is 2 when a node is not up, or a relay has no owner."
      })
  static final class Status extends Asking {
    @Option(names = "--nodes", description = "Only the nodes.")
    private boolean nodesOnly;

    Status(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      ApiClient.Answer answer = ask("GET", "/v1/cluster", null);
      if (isJson()) {
        terminal().out().print(answer.body());
        return 0;
      }
      Map<String, Object> view = object(answer);
      boolean isWell = Boolean.TRUE.equals(view.get("joined"));
      print(
          "cluster "
              + text(view, "name")
              + ", node "
              + text(view, "node")
              + (isWell
                  ? ", version " + text(view, "version") + " of the file"
                  : ": has not joined yet"));
      if (!text(view, "problem").isEmpty()) {
        print("the version that holds can't run here: " + text(view, "problem"));
        isWell = false;
      }
      Table nodes = new Table("NODE", "STATUS", "OWNS", "WEIGHT", "LABELS", "VERSION");
      for (Map<String, Object> node : list(view, "nodes")) {
        boolean isDraining = Boolean.TRUE.equals(node.get("draining"));
        isWell &= text(node, "status").equals("up");
        nodes.row(
            text(node, "node") + (Boolean.TRUE.equals(node.get("self")) ? " *" : ""),
            text(node, "status") + (isDraining ? ", draining" : ""),
            text(node, "owns"),
            text(node, "weight"),
            node.get("labels") instanceof Map<?, ?> labels ? labels(labels) : "",
            text(node, "version"));
      }
      nodes.lines().forEach(this::print);
      if (!nodesOnly) {
        isWell &= relays(view);
      }
      return isWell ? 0 : 2;
    }

    private static String labels(Map<?, ?> labels) {
      StringBuilder text = new StringBuilder();
      labels.forEach((name, value) -> text.append(name).append('=').append(value).append(' '));
      return text.toString().trim();
    }

    private boolean relays(Map<String, Object> view) {
      boolean allOwned = true;
      Table table = new Table("RELAY", "PLACE", "OWNER", "STATES");
      for (Map<String, Object> relay : list(view, "relays")) {
        boolean isOwned = !text(relay, "place").equals("everywhere");
        String owner = text(relay, "owner");
        allOwned &= !isOwned || !owner.isEmpty();
        table.row(
            text(relay, "name"),
            text(relay, "place"),
            isOwned ? (owner.isEmpty() ? "nobody" : owner) : "",
            relay.get("states") instanceof Map<?, ?> states ? states(states) : "");
      }
      if (!table.isEmpty()) {
        print("");
        table.lines().forEach(this::print);
      }
      return allOwned;
    }

    private static String states(Map<?, ?> states) {
      StringBuilder text = new StringBuilder();
      states.forEach(
          (node, state) ->
              text.append(text.isEmpty() ? "" : "; ").append(node).append(' ').append(state));
      return text.toString();
    }
  }

  /** A verb with one node. */
  abstract static class OfNode extends Asking {
    private final String verb;

    @Parameters(paramLabel = "NODE", description = "HOST:PORT, or HOST if that is enough.")
    private String node = "";

    OfNode(Terminal terminal, String verb) {
      super(terminal);
      this.verb = verb;
    }

    @Override
    public Integer call() {
      ask("POST", ApiClient.path("/v1/cluster:" + verb, List.of("node", node)), null);
      print(verb + " " + node);
      return 0;
    }
  }

  @Command(name = "drain", description = "Has a node hand over what it owns, until undrain.")
  static final class Drain extends OfNode {
    Drain(Terminal terminal) {
      super(terminal, "drain");
    }
  }

  @Command(name = "undrain", description = "Has a node own relays again.")
  static final class Undrain extends OfNode {
    Undrain(Terminal terminal) {
      super(terminal, "undrain");
    }
  }

  @Command(
      name = "down",
      description = "Puts a node out of the cluster at once; it may join again by itself.")
  static final class Down extends OfNode {
    Down(Terminal terminal) {
      super(terminal, "down");
    }
  }

  @Command(name = "move", description = "Has a node own a relay, as long as that node is there.")
  static final class Move extends Asking {
    @Parameters(index = "0", paramLabel = "RELAY", description = "A relay with one owner.")
    private String relay = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "HOST:PORT, or HOST.")
    private String node = "";

    Move(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      ask("POST", ApiClient.path("/v1/cluster:move", List.of("relay", relay, "node", node)), null);
      print("move " + relay + " " + node);
      return 0;
    }
  }

  @Command(name = "unmove", description = "Undoes move: the relay goes where it would be without.")
  static final class Unmove extends Asking {
    @Parameters(paramLabel = "RELAY", description = "A relay that was moved.")
    private String relay = "";

    Unmove(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      ask("POST", ApiClient.path("/v1/cluster:unmove", List.of("relay", relay)), null);
      print("unmove " + relay);
      return 0;
    }
  }
}
