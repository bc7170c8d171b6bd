package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that docs/connectors.md shows for a connector, as a reader types them. */
final class ConnectorRecipe {
  private final List<String> lines;

  private ConnectorRecipe(List<String> lines) {
    this.lines = lines;
  }

  /** The commands below a heading. */
  static ConnectorRecipe of(String heading) {
    try {
      String page = Files.readString(Tool.ROOT.resolve("docs/connectors.md"));
      Matcher block =
          Pattern.compile(
                  "^## " + heading + "$.*?^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
              .matcher(page);
      if (!block.find()) {
        throw new AssertionError("no recipe for " + heading);
      }
      return new ConnectorRecipe(block.group(1).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with a port of this test in the place of the usual one. */
  ConnectorRecipe at(String usual, int port) {
    return new ConnectorRecipe(
        lines.stream()
            .map(line -> line.replace(usual, usual.replaceAll("[0-9]+", port + "")))
            .toList());
  }

  /** Types one line, which ends; what it writes. */
  String type(int line, java.nio.file.Path folder) {
    Outcome outcome =
        new Tool("recipe", java.nio.file.Path.of("/bin/bash"))
            .command("-c", command(line))
            .in(folder)
            .run();
    assertEquals(0, outcome.status(), lines.get(line) + "\n" + outcome.stderr());
    return outcome.stdout();
  }

  /** Types one line, which goes on. */
  Run start(int line) {
    return new Tool("recipe", java.nio.file.Path.of("/bin/bash"))
        .command("-c", "exec " + command(line).replace("bin/sluice ", "bin/sluice -d -d -d "))
        .start();
  }

  private String command(int line) {
    return lines.get(line).replace("bin/sluice", Tool.SLUICE.program().toString());
  }
}
