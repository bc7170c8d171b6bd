package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Two addresses joined with {@code !!}: one to read from, one to write to. */
class DualAddressTest {

  @Test
  void readsOneAndWritesTheOther() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  Files.writeString(folder.resolve("in"), "from a file\n");
                  Outcome end =
                      tool.command("-d", "-d", "OPEN:in!!OPEN:out,creat", "EXEC:'tr a-z A-Z'")
                          .in(folder)
                          .run();
                  return end.observing(Files.readString(folder.resolve("out")));
                })
            .inAnyOrder()
            .same();
    assertEquals("FROM A FILE\n", outcome.observed());
  }

  @Test
  void joinsStandardInputAndOutput() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "STDIN!!STDOUT", "PIPE").input("both\n").run())
        .same();
  }

  @Test
  void isAllowedOnTheRight() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome end =
                  tool.command("-d", "-d", "-", "EXEC:'echo from a program'!!OPEN:log,creat")
                      .in(folder)
                      .input("to a file\n")
                      .run();
              return end.observing(Files.readString(folder.resolve("log")));
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void opensOnlyTheNeededHalfWhenUnidirectional() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-u", "STDIN!!OPEN:no/such", "STDOUT").in(folder).input("x").run())
            .ignoringLog() // 1.8.0 opens the right side both ways here
            .same();
    assertEquals("x", outcome.stdout());
  }

  @Test
  void connectsTwoServers() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server talker =
                      Server.serving(c -> c.getOutputStream().write("talk\n".getBytes(US_ASCII)));
                  Server listener = Server.echo()) {
                return tool.command(talker.address() + "!!" + listener.address(), "PIPE").run();
              }
            })
        .same();
  }
}
