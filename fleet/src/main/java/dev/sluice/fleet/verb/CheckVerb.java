package dev.sluice.fleet.verb;

import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.pool.Pools;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says what is wrong with a fleet file. */
@Command(
    name = "check",
    description = "Says everything that is wrong with a file, with file and line.")
final class CheckVerb implements Callable<Integer> {
  private final FleetHost host;
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "A fleet file, or a folder of them.")
  private Path file = Path.of("");

  CheckVerb(FleetHost host, Terminal terminal) {
    this.host = host;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    FleetReader reader =
        new FleetReader(
            RelayReader.of(host.catalog(), host.options(), new Pools((pool, text) -> {})),
            System.getenv());
    FleetReader.Result result = reader.read(file);
    result.problems().forEach(terminal.err()::println);
    if (result.fleet().isEmpty()) {
      terminal.err().println(counted(result.problems().size(), "problem"));
      return 1;
    }
    int count = result.fleet().get().relays().size();
    terminal.out().println(file + ": " + counted(count, "relay") + ", no problem");
    return 0;
  }

  static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
