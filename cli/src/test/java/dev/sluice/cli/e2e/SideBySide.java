package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plays one scenario through our tool and through the peer, each in an empty folder of its own, and
 * compares.
 */
final class SideBySide {

  /** What to play: starts the tool, does its part, returns the outcome. */
  @FunctionalInterface
  interface Scenario {
    Outcome play(Tool tool, Path folder) throws Exception;
  }

  private final Scenario scenario;
  private UnaryOperator<List<String>> log = UnaryOperator.identity();
  private boolean compareLog = true;

  private SideBySide(Scenario scenario) {
    this.scenario = scenario;
  }

  static SideBySide play(Scenario scenario) {
    return new SideBySide(scenario);
  }

  /** The log is not compared: its order or length is left to chance. */
  SideBySide ignoringLog() {
    compareLog = false;
    return this;
  }

  /**
   * The lines of the log are compared without their order, since several processes of the peer
   * write them. So a line that repeats counts once, wherever it is.
   */
  SideBySide inAnyOrder() {
    log = lines -> lines.stream().sorted().distinct().toList();
    return this;
  }

  /** Only lines with a match are compared. */
  SideBySide onlyLines(String regex) {
    UnaryOperator<List<String>> before = log;
    log =
        lines ->
            before.apply(lines).stream().filter(l -> l.matches("(?s).*(" + regex + ").*")).toList();
    return this;
  }

  /**
   * Plays through both and compares exit status, output, observations and log. Returns our outcome.
   */
  Outcome same() {
    Outcome ours = play(Tool.OURS);
    Optional<Tool> peer = Tool.peer();
    assumeTrue(peer.isPresent(), "no socat 1.8 to compare with");
    assertEquals(render(play(peer.get())), render(ours), "ours differs from the peer");
    return ours;
  }

  private Outcome play(Tool tool) {
    try {
      Path folder = Files.createTempDirectory("sluice-e2e");
      try {
        return scenario.play(tool, folder);
      } finally {
        try (Stream<Path> files = Files.walk(folder)) {
          files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(tool.label(), e);
    }
  }

  private String render(Outcome outcome) {
    String text =
        "status "
            + outcome.status()
            + "\nstdout: "
            + outcome.stdout()
            + "\nseen: "
            + outcome.observed();
    if (compareLog) {
      text +=
          "\nlog:\n"
              + log.apply(Normalise.log(outcome.stderr())).stream()
                  .collect(Collectors.joining("\n"));
    }
    return text;
  }
}
