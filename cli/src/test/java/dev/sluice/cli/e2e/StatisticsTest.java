package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What --statistics and SIGUSR1 print. */
class StatisticsTest {

  static Stream<List<String>> runs() {
    return Stream.of(
        List.of("-", "OPEN:/dev/null"),
        List.of("-u", "-", "OPEN:/dev/null"),
        List.of("-U", "OPEN:/dev/null", "-"),
        List.of("-b", "7", "-", "PIPE"),
        List.of("-,crnl", "OPEN:/dev/null"),
        List.of("-u", "-", "OPEN:/dev/null,crnl"),
        List.of("-u", "-,readbytes=12345", "OPEN:/dev/null"),
        List.of("-v", "-u", "-,escape=122", "OPEN:/dev/null"));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void countBlocksAndBytesAsWritten(List<String> arguments) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command(
                            Stream.concat(Stream.of("--statistics"), arguments.stream())
                                .toArray(String[]::new))
                        .input("123456789\n".repeat(2000))
                        .run())
            .onlyLines("STATISTICS|statistics")
            .same();
    assertTrue(outcome.stderr().contains("STATISTICS: "), outcome.stderr());
  }

  @Test
  void areThereAtASignalThatEndsTheRun() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-d", "-d", "--statistics", "-", "PIPE").openInput().start()) {
                run.send("four");
                run.awaitOutput("four");
                Await.until(() -> sleeps(run), () -> "counting is done when it waits for more");
                return run.stop("TERM");
              }
            })
        .inAnyOrder()
        .same();
  }

  private static boolean sleeps(Run run) {
    try {
      return Files.readString(Path.of("/proc/" + run.pid() + "/stat")).contains(") S ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void areThereAfterAnError() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "--statistics", "-u", "-", "OPEN:/dev/full")
                    .input("x")
                    .run())
        .same();
  }

  @Test
  void comeForEachSession() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run = tool.command("--statistics", listen(port), "PIPE").start()) {
                awaitListening(port);
                run.awaitLog("right to left");
                Client.exchange(port, "seven b");
                run.awaitLog("right to left: 1");
                return run.stop("TERM");
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void ofAListenerAreNotAvailable() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-d", "-d", listen(Server.freePort()), "PIPE").start()) {
                run.awaitLog("listening on");
                run.signal("USR1");
                run.awaitLog("statistics not available");
                run.awaitLog("finishing signal 10");
                return run.stop("TERM");
              }
            })
        .same();
  }

  @Test
  void areCountedOnAtEverySignal() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run = tool.command("-d", "-d", "-", "PIPE").openInput().start()) {
                for (int i = 1; i <= 2; i++) {
                  run.send("12345");
                  run.awaitOutput("(12345){" + i + "}");
                  run.awaitIdle(); // socat counts a moment after it has written
                  run.signal("USR1");
                  run.awaitLog("right to left", i);
                  run.awaitLog("finishing signal 10", i);
                }
                run.endInput();
                return run.await();
              }
            })
        .same();
  }

  private static void awaitListening(int port) {
    Await.until(
        () -> {
          try (Client probe = new Client(port)) {
            probe.endOutput();
            return probe.readAll().isEmpty();
          } catch (java.net.ConnectException e) {
            return false;
          }
        },
        () -> "a listener");
  }

  private static String listen(int port) {
    return "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
  }
}
