package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lock files: what is in them, who holds them, and that they are gone on every way out. */
class LockFileTest {

  @Test
  void holdsTheNumberOfTheProcess() {
    SideBySide.play(
            (tool, folder) -> {
              Path lock = folder.resolve("lock");
              try (Run run =
                  tool.command("-L", "lock", "-", "PIPE").in(folder).openInput().start()) {
                run.send("x");
                run.awaitOutput("x");
                assertEquals(run.pid() + "\n", Files.readString(lock));
                String mode = Files.getPosixFilePermissions(lock).toString();
                run.endInput();
                return run.await().observing(mode + " left: " + Files.exists(lock));
              }
            })
        .same();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void isGoneAfterASignal(String signal) {
    SideBySide.play((tool, folder) -> stopped(tool, folder, signal)).same();
  }

  @Test
  void isGoneAfterAnError() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("-L", "lock", "-", "OPEN:/nonexistent/x,lockfile=lock2")
                      .in(folder)
                      .run();
              return outcome.observing(left(folder));
            })
        .same();
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("-L", "lock", "-u", "-", "OPEN:/dev/full,lockfile=lock2")
                      .in(folder)
                      .input("x")
                      .run();
              return outcome.observing(left(folder));
            })
        .same();
  }

  @Test
  void isGoneAfterTheTimeouts() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.silent();
                  Run run =
                      tool.command(
                              "-T", "0.3", "-W", "lock", "-", server.address() + ",waitlock=lock2")
                          .in(folder)
                          .openInput()
                          .start()) {
                Outcome outcome = run.await();
                return outcome.observing(left(folder));
              }
            })
        .same();
  }

  @Test
  void ofAListenerOutlivesItsSessions() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              Path lock = folder.resolve("lock");
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          "-L",
                          "lock",
                          "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                          "PIPE")
                      .in(folder)
                      .start()) {
                run.awaitLog("listening on");
                Client.exchange(port, "x");
                run.awaitLog("exiting with status 0");
                String meanwhile = "held: " + Files.exists(lock);
                return run.stop("TERM").observing(meanwhile + "\n" + left(folder));
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void isTakenBeforeTheFirstAddressIsOpened() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("lock"), "");
              Outcome outcome =
                  tool.command("-d", "-d", "-L", "lock", "OPEN:new,creat", "PIPE").in(folder).run();
              return outcome.observing(left(folder));
            })
        .same();
  }

  @Test
  void ofAnAddressHoldsFromItsOpeningToItsEnd() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("taken"), "");
              Outcome fails =
                  tool.command("-", "EXEC:cat,lockfile=taken").in(folder).input("x").run();
              Outcome works =
                  tool.command("-", "EXEC:cat,lockfile=free").in(folder).input("x").run();
              return works.observing(
                  fails.status() + String.join("|", Normalise.log(fails.stderr())) + left(folder));
            })
        .same();
  }

  @Test
  void anAddressWaitsForItsLock() {
    SideBySide.play(
            (tool, folder) -> {
              Path lock = folder.resolve("lock");
              Files.writeString(lock, "");
              try (Run run =
                  tool.command("-d", "-d", "-", "SYSTEM:cat,waitlock=lock")
                      .in(folder)
                      .input("x")
                      .start()) {
                run.awaitLog("waiting for lock \"lock\"");
                Files.delete(lock);
                return run.await().observing(left(folder));
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void waitingEndsWithASignal() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("lock"), "somebody else's");
              try (Run run =
                  tool.command("-d", "-d", "-W", "lock", "-", "PIPE").in(folder).start()) {
                run.awaitLog("waiting for lock");
                Outcome outcome = run.stop("TERM");
                return new Outcome(
                    outcome.status(), outcome.stdout(), outcome.stderr(), left(folder));
              }
            })
        .same();
  }

  @Test
  void onlyOneOfAKindIsAllowed() {
    SideBySide.play(
            (tool, folder) -> tool.command("-L", "a", "-W", "b", "-", "PIPE").in(folder).run())
        .same();
    SideBySide.play(
            (tool, folder) ->
                tool.command("-,lockfile=a,waitlock=b", "PIPE")
                    .in(folder)
                    .run()
                    .observing(left(folder)))
        .same();
  }

  @Test
  void complainsWhereNoneCanBeMade() {
    for (String address : new String[] {"-", "-,lockfile=/nonexistent/x"}) {
      Outcome outcome =
          address.equals("-")
              ? Tool.OURS.command("-L", "/nonexistent/x", "-", "PIPE").run()
              : Tool.OURS.command(address, "PIPE").run();
      assertEquals(1, outcome.status());
      assertTrue(
          outcome
              .stderr()
              .matches("(?s).*E mkstemp\\(\"/nonexistent/x\\..{6}\"\\): No such file.*"),
          outcome.stderr());
    }
  }

  private static Outcome stopped(Tool tool, Path folder, String signal) {
    try (Run run =
        tool.command("-L", "lock", "-", "EXEC:cat,lockfile=lock2").in(folder).openInput().start()) {
      run.send("x");
      run.awaitOutput("x");
      return run.stop(signal).observing(left(folder));
    }
  }

  private static String left(Path folder) {
    return "left: " + java.util.Arrays.toString(folder.toFile().list());
  }
}
