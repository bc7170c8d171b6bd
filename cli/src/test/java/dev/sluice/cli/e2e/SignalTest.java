package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to the process, in the middle of a transfer and while listening. */
class SignalTest {

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130", "HUP,129"})
  void endsATransferWithAStatusOfItsOwn(String signal, int status) {
    Outcome outcome =
        SideBySide.play((tool, folder) -> transferThen(tool, signal, "-d", "-d")).same();
    assertEquals(status, outcome.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void saysOnlyWhatADefaultLogShows(String signal) {
    SideBySide.play((tool, folder) -> transferThen(tool, signal)).same();
  }

  @Test
  void endsAListener() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          "TCP-LISTEN:" + Server.freePort() + ",bind=127.0.0.1,fork",
                          "PIPE")
                      .start()) {
                run.awaitLog("listening on");
                return run.stop("TERM");
              }
            })
        .same();
  }

  @Test
  void removesTheSocketFileOfAListener() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-d", "-d", "UNIX-LISTEN:sock,fork", "PIPE").in(folder).start()) {
                run.awaitLog("listening on");
                Outcome outcome = run.stop("INT");
                return outcome.observing("left: " + Files.exists(folder.resolve("sock")));
              }
            })
        .same();
  }

  @Test
  void takesTheProgramAlong() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-", "SYSTEM:'echo $$; exec cat'").openInput().start()) {
                long program = Long.parseLong(run.awaitOutput("(\\d+)\n").group(1));
                Outcome outcome = run.stop("TERM");
                Await.until(
                    () -> !ProcessHandle.of(program).isPresent(), () -> "the end of " + program);
                return new Outcome(outcome.status(), "", outcome.stderr());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void ignoresABrokenStandardOutputUntilItIsWrittenTo() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-", "SYSTEM:'sleep 0.3; echo x'").after("exec > >(exec true)").run())
        .onlyLines("^E ")
        .same();
  }

  @Test
  void aSecondSignalChangesNothing() {
    try (Server server = Server.echo();
        Run run = Tool.OURS.command("-", server.address()).openInput().start()) {
      run.send("x");
      run.awaitOutput("x");
      run.signal("TERM");
      run.signal("TERM");
      Outcome outcome = run.await();
      assertEquals(143, outcome.status());
      assertFalse(outcome.stderr().contains("Exception"), outcome.stderr());
    }
  }

  private static Outcome transferThen(Tool tool, String signal, String... options) {
    String[] arguments = new String[options.length + 2];
    System.arraycopy(options, 0, arguments, 0, options.length);
    try (Server server = Server.echo()) {
      arguments[options.length] = "-";
      arguments[options.length + 1] = server.address();
      try (Run run = tool.command(arguments).openInput().start()) {
        run.send("x");
        run.awaitOutput("x");
        return run.stop(signal);
      }
    }
  }
}
