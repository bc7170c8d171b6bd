package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The form of log lines, where they go, and the notices of typical runs. */
class LogFormatTest {
  private static final String TIME = "\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d";

  @Test
  void writesTimeNameAndPid() {
    try (Run run = Tool.OURS.command("-", "OPEN:/nonexistent/x").start()) {
      long pid = run.pid();
      assertMatches(
          TIME
              + " socat\\["
              + pid
              + "\\] E open\\(\"/nonexistent/x\", 02, 0666\\): No such file or directory\n",
          run.await().stderr());
    }
  }

  @Test
  void addsMicrosecondsHostAndAnotherNameOnRequest() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("-lu", "-lh", "-lpother", "-", "OPEN:/nonexistent/x")
                      .env("HOSTNAME", "somehost")
                      .run();
              assertMatches(
                  TIME + "\\.\\d{6} somehost other\\[\\d+\\] E open.*\n", outcome.stderr());
              return outcome;
            })
        .same();
  }

  @Test
  void writesToAFileInstead() {
    SideBySide.play(
            (tool, folder) -> {
              Path log = folder.resolve("log");
              Files.writeString(log, "kept\n");
              Outcome outcome =
                  tool.command("-d", "-d", "-lflog", "-", "PIPE").in(folder).input("x").run();
              return outcome.observing(String.join("\n", Normalise.log(Files.readString(log))));
            })
        .same();
  }

  @Test
  void writesToSyslogInstead() throws Exception {
    Path device = Path.of("/dev/log");
    assumeFalse(Files.exists(device) || !Files.isWritable(Path.of("/dev")), "/dev/log is taken");
    assumeFalse(Tool.peer().isEmpty(), "no peer to receive");
    SideBySide.play(
            (tool, folder) -> {
              try (Run sink =
                  Tool.peer()
                      .orElseThrow()
                      .command("-u", "UNIX-RECV:/dev/log,unlink-early", "-")
                      .start()) {
                Await.until(() -> Files.exists(device), () -> "/dev/log");
                Outcome outcome = tool.command("-lylocal3", "-", "OPEN:/nonexistent/x").run();
                String line = sink.awaitOutput("<\\d+>.*directory").group();
                return outcome.observing(
                    line.replaceAll("> ?\\w+ +\\d+ \\d\\d:\\d\\d:\\d\\d", ">DATE")
                        .replaceAll("\\[\\d+\\]", "[PID]"));
              } finally {
                Files.deleteIfExists(device);
              }
            })
        .same();
  }

  @Test
  void showsNoticesOnlyFromTheSecondD() {
    for (String level : new String[] {"-d", "-d0", "-d1"}) {
      assertEquals("", Tool.OURS.command(level, "-", "PIPE").run().stderr(), level);
    }
    for (String level : new String[] {"-dd", "-d2"}) {
      assertTrue(Tool.OURS.command(level, "-", "PIPE").run().stderr().contains(" N "), level);
    }
  }

  @Test
  void notesARunWithAProgram() {
    SideBySide.play(
            (tool, folder) -> tool.command("-d", "-d", "-", "EXEC:cat").input("hello\n").run())
        .inAnyOrder()
        .same();
  }

  @Test
  void notesARunWithAConnection() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.echo()) {
                return tool.command("-d", "-d", "-", server.address()).input("hello\n").run();
              }
            })
        .same();
  }

  @Test
  void notesARunOverUnixSockets() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run server =
                  tool.command("-d", "-d", "UNIX-LISTEN:sock", "PIPE").in(folder).start()) {
                server.awaitLog("listening on");
                Outcome client =
                    tool.command("-d", "-d", "-", "UNIX-CONNECT:sock")
                        .in(folder)
                        .input("hello\n")
                        .run();
                return server
                    .await()
                    .observing(String.join("\n", Normalise.log(client.stderr())) + client.stdout());
              }
            })
        .same();
  }

  @Test
  void notesTheEndOfASocketpair() {
    SideBySide.play(
            (tool, folder) -> tool.command("-d", "-d", "-", "SOCKETPAIR").input("hello\n").run())
        .inAnyOrder()
        .same();
  }

  @Test
  void warnsOfAnAddressUsedTheWrongWay() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "-u", "-", "STDIN").after("exec </dev/null").run())
        .same();
  }

  @Test
  void printsStatistics() {
    SideBySide.play(
            (tool, folder) -> tool.command("--statistics", "-", "PIPE").input("twelve bytes").run())
        .same();
  }

  @Test
  void printsStatisticsOnSignal() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-", "PIPE").openInput().start()) {
                run.send("x");
                run.awaitOutput("x");
                run.signal("USR1");
                run.awaitLog("right to left");
                run.endInput();
                return run.await();
              }
            })
        .same();
  }

  @Test
  void severityOfErrorsIsNoReasonToGoOnUnlessSloppy() {
    SideBySide.play(
            (tool, folder) -> tool.command("-d", "-d", "-s", "-", "OPEN:/nonexistent/x").run())
        .same();
  }

  private static void assertMatches(String regex, String text) {
    assertTrue(text.matches(regex), () -> text + "\ndoes not match " + regex);
  }
}
