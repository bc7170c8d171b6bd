package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data as -v and -x show it, and as -r and -R keep it. */
class DumpTest {
  private static final String ALL_KINDS =
      "text\ttab\\back\u0007\b\u000b\f\r\u0000\u007f\u00e9 0123456789\nlast";

  static Stream<List<String>> dumps() {
    return Stream.of(List.of("-v"), List.of("-x"), List.of("-v", "-x"), List.of("-x", "-v"));
  }

  @ParameterizedTest
  @MethodSource("dumps")
  void showsBothDirections(List<String> options) {
    SideBySide.play(
            (tool, folder) ->
                tool.command(
                        Stream.concat(options.stream(), Stream.of("-", "PIPE"))
                            .toArray(String[]::new))
                    .input(ALL_KINDS)
                    .run())
        .same();
  }

  @Test
  void startsEachBlockWithAHeader() {
    String stderr = Tool.OURS.command("-x", "-u", "-", "PIPE").input("ab").run().stderr();
    assertTrue(
        stderr.matches(
            "> \\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}  length=2 from=0 to=1\n 61 62\n"),
        stderr);
  }

  @Test
  void countsOffsetsPerDirection() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-v", "-", "PIPE").openInput().start()) {
                run.send("one\n");
                run.awaitOutput("one");
                run.send("two\n");
                run.awaitOutput("two");
                run.endInput();
                return run.await();
              }
            })
        .same();
  }

  @Test
  void showsTheDataAfterLineConversion() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-v", "-", "PIPE,crnl").input("a\nb\n").start()) {
                return run.await();
              }
            })
        .same();
  }

  @Test
  void keepsEachDirectionInAFile() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  Files.writeString(folder.resolve("right"), "kept,");
                  Outcome end =
                      tool.command("-r", "right", "-R", "left", "-", "EXEC:'tr a-z A-Z'")
                          .in(folder)
                          .input("data")
                          .run();
                  return end.observing(
                      Files.readString(folder.resolve("right"))
                          + " "
                          + Files.readString(folder.resolve("left")));
                })
            .same();
    assertEquals("kept,data DATA", outcome.observed());
  }

  @Test
  void expandsNamesOfRawFiles() throws Exception {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-r", "a-$PROGNAME-$$-$TIMESTAMP-$FOO-\\$", "-", "PIPE")
                      .in(folder)
                      .env("FOO", "bar")
                      .input("x")
                      .start()) {
                long pid = run.pid();
                Outcome outcome = run.await();
                try (Stream<Path> files = Files.list(folder)) {
                  String name = files.findFirst().orElseThrow().getFileName().toString();
                  assertTrue(name.matches("a-socat-" + pid + "-\\d{8}T\\d{6}-bar-\\$"), name);
                }
                return outcome;
              }
            })
        .same();
  }

  @Test
  void goesOnWhenARawFileIsFull() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-r", "/dev/full", "-", "PIPE").input("hello\n").run())
            .same();
    assertEquals("hello\n", outcome.stdout());
    assertTrue(outcome.stderr().contains("No space left on device"));
  }

  /** On purpose: socat tells of each block. */
  @Test
  void tellsOnceThatARawFileIsFull() {
    Outcome outcome =
        Tool.OURS.command("-b", "2", "-r", "/dev/full", "-", "PIPE").input("hello\n").run();
    assertEquals("hello\n", outcome.stdout());
    assertEquals(
        1,
        Normalise.log(outcome.stderr()).stream()
            .filter(line -> line.contains("No space left on device"))
            .count(),
        outcome.stderr());
  }

  @Test
  void reportsARawFileThatCannotBeOpened() {
    // 1.8.0 names the wrong error here
    Outcome outcome = Tool.OURS.command("-r", "/nonexistent/x", "-", "PIPE").run();
    assertEquals(1, outcome.status());
    assertEquals(
        List.of("E option -r \"/nonexistent/x\": No such file or directory", ""),
        Normalise.log(outcome.stderr()));
  }
}
