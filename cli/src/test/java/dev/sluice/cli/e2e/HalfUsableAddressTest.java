package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of which only one half can be used: that half works, and the other is not touched. */
class HalfUsableAddressTest {

  @Test
  void standardInputIntoAFile() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("STDIN", "CREATE:out").in(folder).input("data\n").run();
              return outcome.observing(Files.readString(folder.resolve("out")));
            })
        .same();
  }

  @ParameterizedTest
  @CsvSource({"STDIN, STDOUT", "STDOUT, STDIN"})
  void standardInputIntoStandardOutput(String left, String right) {
    SideBySide.play((tool, folder) -> tool.command(left, right).input("data\n").run()).same();
  }

  @Test
  void standardInputIntoAProgram() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("STDIN", "SYSTEM:'cat >out'").in(folder).input("data\n").run();
              return outcome.observing(Files.readString(folder.resolve("out")));
            })
        .same();
  }

  @ParameterizedTest
  @CsvSource({"2>&-", "2> >(exec true)"})
  void aDumpThatNobodySeesStopsNothing(String stderr) {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-v", "-u", "-", "STDOUT")
                    .after("exec " + stderr)
                    .input("data\n")
                    .run())
        .same();
  }

  @Test
  void closedStandardInputLeavesTheAnswer() {
    SideBySide.play(
            (tool, folder) -> tool.command("-", "SYSTEM:'echo answer'").after("exec <&-").run())
        .ignoringLog()
        .same();
  }

  @Test
  void aReceiverEndsWithTheOtherSide() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-", "UDP4-RECV:" + Server.freePort() + ",bind=127.0.0.1").run())
        .same();
  }

  @ParameterizedTest
  @CsvSource({"-u - ", "-U R -", "R -"})
  void aReceiverRefusesToBeWritten(String words) {
    String address = "UDP4-RECV:" + Server.freePort() + ",bind=127.0.0.1";
    String[] all = (words.contains("R") ? words : words + " R").split(" ", -1);
    for (int i = 0; i < all.length; i++) {
      all[i] = all[i].equals("R") ? address : all[i];
    }
    Outcome outcome = Tool.OURS.command(all).input("x").run();
    assertEquals(1, outcome.status(), outcome.stderr());
    assertTrue(outcome.stderr().contains("Invalid argument"), outcome.stderr());
  }

  /** The reader of the dump has left before the first client comes. */
  @Test
  void aDumpThatNobodySeesStopsNoClient() throws Exception {
    int port = Server.freePort();
    try (Run run =
        Tool.OURS
            .command("-v", "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork", "PIPE")
            .after("exec 2> >(exec true)")
            .start()) {
      for (int i = 0; i < 3; i++) {
        Await.until(() -> answers(port), () -> "an answer");
      }
      assertTrue(run.isAlive());
    }
  }

  private static boolean answers(int port) throws IOException {
    try {
      return Client.exchange(port, "question").equals("question");
    } catch (ConnectException e) {
      return false; // does not listen yet
    }
  }
}
