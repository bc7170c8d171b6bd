package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which signals are taken (-S), and what the others do. */
class SignalMaskTest {
  /** Who runs the tests may ignore INT or HUP, as shells have it for what runs in background. */
  private static final String IGNORING_NOTHING = "exec env --default-signal \"$0\" \"$@\"";

  @ParameterizedTest
  @CsvSource({
    "-S0,TERM",
    "-S0,HUP",
    "-S0,INT",
    "-S0x8000,INT", // 1 << 15 is TERM
    "-S0x8000,TERM",
    "-S0x4,HUP",
    "-S6,HUP", // 1 << 1 | 1 << 2
  })
  void aSignalOutsideOfTheMaskKills(String mask, String signal) {
    SideBySide.play((tool, folder) -> stopped(tool, folder, signal, mask, IGNORING_NOTHING)).same();
  }

  @ParameterizedTest
  @CsvSource({"USR2,140", "ALRM,142", "VTALRM,154", "ABRT,134"})
  void othersEndTheProcessWithTheirNumber(String signal, int status) {
    Outcome outcome =
        SideBySide.play((tool, folder) -> stopped(tool, folder, signal, "-d1", ""))
            .ignoringLog()
            .same();
    assertEquals(status, outcome.status());
  }

  /** A JVM blocks QUIT in what it starts, so that the peer would not see it here. */
  @Test
  void quitEndsTheProcess(@TempDir Path folder) {
    assertEquals(131, stopped(Tool.OURS, folder, "QUIT", "-d1", "").status());
  }

  /** Of those, the JVM can't tell its own from others'; no more is asked than a quiet end. */
  @ParameterizedTest
  @CsvSource({"ILL", "BUS", "FPE", "SEGV"})
  void faultsEndTheProcessQuietly(String signal, @TempDir Path folder) throws IOException {
    try (Run run = Tool.OURS.command("-", "PIPE").in(folder).openInput().start();
        Stream<Path> files = Files.list(folder)) {
      run.send("a");
      run.awaitOutput("a");
      Outcome outcome = run.stop(signal);
      assertTrue(outcome.status() > 128, "status " + outcome.status());
      assertEquals("a", outcome.stdout(), "nothing among the data");
      assertEquals(0, files.count(), "files left");
    }
  }

  @ParameterizedTest
  @CsvSource({"CONT", "WINCH", "URG", "PIPE"})
  void othersAreIgnored(String signal) {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-d", "-d", "-", "PIPE").openInput().start()) {
                run.send("a");
                run.awaitOutput("a");
                run.signal(signal);
                run.send("b");
                run.awaitOutput("ab");
                run.endInput();
                return run.await();
              }
            })
        .same();
  }

  @Test
  void whatTheCallerIgnoresStaysIgnoredOutsideOfTheMask() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-S0x8000", "-", "PIPE")
                      .after("trap '' HUP INT")
                      .openInput()
                      .start()) {
                run.send("a");
                run.awaitOutput("a");
                run.signal("HUP");
                run.signal("INT");
                run.send("b");
                run.awaitOutput("ab");
                return run.stop("TERM");
              }
            })
        .same();
  }

  @Test
  void whatTheCallerIgnoresIsTakenInsideOfTheMask() {
    SideBySide.play((tool, folder) -> stopped(tool, folder, "HUP", "-d2", "trap '' HUP")).same();
  }

  private static Outcome stopped(
      Tool tool, Path folder, String signal, String option, String before) {
    try (Run run = tool.command(option, "-", "PIPE").in(folder).after(before).openInput().start()) {
      run.send("a");
      run.awaitOutput("a");
      return run.stop(signal);
    }
  }
}
