package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** cr and crnl: the line terminator that is used on an address. */
class LineTerminatorTest {
  private static final String INPUT = "a\nb\rc\r\nd";

  static Stream<Arguments> conversions() {
    return Stream.of(
            new String[] {"", "", INPUT},
            new String[] {"", ",cr", "a\rb\rc\r\rd"},
            new String[] {"", ",crnl", "a\r\nb\rc\r\r\nd"},
            new String[] {",cr", "", "a\nb\nc\n\nd"},
            new String[] {",cr", ",crnl", "a\nb\r\nc\r\n\nd"},
            new String[] {",crnl", "", "a\nbc\nd"},
            new String[] {",crlf", ",cr", "a\rbc\rd"},
            new String[] {",cr", ",cr", INPUT},
            new String[] {",crnl", ",crlf", INPUT})
        .flatMap(
            row ->
                Stream.of(1, 2, 5, 8192).map(size -> Arguments.of(row[0], row[1], size, row[2])));
  }

  @ParameterizedTest
  @MethodSource("conversions")
  void convertsOverAnyBlockBoundary(String from, String to, int blockSize, String expected) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-b", "" + blockSize, "-u", "-" + from, "STDOUT" + to)
                        .input(INPUT)
                        .run())
            .same();
    assertEquals(expected, outcome.stdout());
  }

  @Test
  void convertsBothWays() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.answeringAfterEof(q -> q)) {
                return tool.command("-x", "-", server.address() + ",crnl")
                    .input("GET\n\nlone\rreturn\n")
                    .run();
              }
            })
        .same();
  }

  @Test
  void writesNothingWhenNothingIsLeft() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("--statistics", "-b", "1", "-v", "-u", "-,crnl", "STDOUT")
                    .input("\r\r\r")
                    .run())
        .same();
  }

  @Test
  void theLastOfTwoTerminatorsCounts() {
    SideBySide.play(
            (tool, folder) -> tool.command("-u", "-", "STDOUT,cr,crnl").input("a\nb\n").run())
        .same();
    SideBySide.play(
            (tool, folder) -> tool.command("-u", "-", "STDOUT,crnl,cr").input("a\nb\n").run())
        .same();
  }
}
