package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.testkit.FullListener;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The -t and -T timers. */
class TimeoutTest {

  @Test
  void endsWhenTheOtherSideStaysOpenLongerThanT() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.holdingOpen()) {
                long start = System.nanoTime();
                Outcome outcome =
                    tool.command("-d", "-d", "-t", "0.7", "-", server.address()).input("x").run();
                assertTook(start, Duration.ofMillis(700));
                return outcome;
              }
            })
        .same();
  }

  @Test
  void outputRestartsTheClosingTimer() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command(
                            "-t",
                            "0.8",
                            "-",
                            "SYSTEM:'for i in 1 2 3 4; do sleep 0.4; echo $i; done'")
                        .run())
            .same();
    assertEquals("1\n2\n3\n4\n", outcome.stdout());
  }

  @Test
  void zeroClosingTimeEndsAtOnce() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.holdingOpen()) {
                return tool.command("-d", "-d", "-t0", "-", server.address()).run();
              }
            })
        .same();
  }

  @Test
  void endsWhenNothingMovesForT() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.silent();
                  Run run =
                      tool.command("-d", "-d", "-T", "0.5", "-", server.address())
                          .openInput()
                          .start()) {
                long start = System.nanoTime();
                Outcome outcome = run.await();
                assertTook(start, Duration.ofMillis(500));
                return outcome;
              }
            })
        .same();
  }

  @Test
  void dataRestartsTheInactivityTimer() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.echo();
                  Run run =
                      tool.command("-d", "-d", "-T", "1", "-", server.address())
                          .openInput()
                          .start()) {
                run.awaitLog("starting data transfer loop");
                long start = System.nanoTime();
                for (int i = 1; i <= 3; i++) {
                  long due = start + i * 600_000_000L;
                  Await.until(() -> System.nanoTime() >= due, () -> "time");
                  run.send("x");
                  run.awaitOutput("x".repeat(i));
                }
                Outcome outcome = run.await();
                assertTook(start, Duration.ofMillis(2_800));
                return outcome;
              }
            })
        .same();
  }

  @Test
  void theClosingTimerTakesThePlaceOfTheInactivityTimer() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.holdingOpen()) {
                return tool.command("-d", "-d", "-T", "20", "-t", "0.3", "-", server.address())
                    .run();
              }
            })
        .same();
  }

  @Test
  void givesUpAConnectionThatNobodyTakes() {
    SideBySide.play(
            (tool, folder) -> {
              try (FullListener listener = new FullListener()) {
                long start = System.nanoTime();
                Outcome end = tool.command("-", listener.address() + ",connect-timeout=0.4").run();
                assertTook(start, Duration.ofMillis(400));
                return end;
              }
            })
        .same();
  }

  private static void assertTook(long start, Duration least) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(least) >= 0, "ended after " + took);
  }
}
