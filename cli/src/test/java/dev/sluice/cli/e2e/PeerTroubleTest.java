package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with one peer, or for a while, ends neither the listener nor other sessions. */
class PeerTroubleTest {

  /** The tool under strace, which has a call fail now and then. */
  private static Command failing(String calls, String error, String when, String... arguments) {
    String inject = calls + ":error=" + error + ":when=" + when;
    String strace = "strace -f -o /dev/null -e trace=" + calls + " -e inject=" + inject;
    return Tool.OURS.command(arguments).after("set -- \"$0\" \"$@\"; exec " + strace + " \"$@\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENOBUFS", "ENOMEM", "EPERM", "EPROTO", "EHOSTUNREACH"})
  void goesOnAfterAPassingErrorOfAccept(String error) throws Exception {
    Programs.assumeInstalled("strace");
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
    try (Run run = failing("accept,accept4", error, "3+4", "-dd", listen, "PIPE").start()) {
      run.awaitLog("listening on");
      try (Client early = new Client(port)) {
        early.send("a\n");
        assertEquals("a\n", early.readLine());
        for (int i = 0; i < 6; i++) {
          assertEquals("b", Client.exchange(port, "b"));
        }
        run.awaitLog(" W accept\\(\\d+\\): .*; trying again");
        early.send("c\n");
        assertEquals("c\n", early.readLine());
      }
      assertTrue(run.isAlive());
    }
  }

  /** Without fork too. */
  @ParameterizedTest
  @ValueSource(strings = {"ENOBUFS", "EMFILE"})
  void waitsForItsOnePeerAfterAPassingError(String error) throws Exception {
    Programs.assumeInstalled("strace");
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1";
    try (Run run = failing("accept,accept4", error, "1..3", "-dd", listen, "PIPE").start()) {
      run.awaitLog("listening on");
      assertEquals("served", Client.exchange(port, "served"));
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void closesAPeerThatOptionsCannotBeAppliedTo() throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,max-children=2,user-late=nosuch";
    try (Run run = Tool.OURS.command("-dd", listen, "PIPE").start()) {
      run.awaitLog("listening on");
      long before = sockets(run);
      for (int i = 1; i <= 4; i++) {
        try (Client client = new Client(port)) {
          assertEquals("", client.readAll());
        }
        run.awaitLog(" E getpwnam\\(\"nosuch\"\\): no such user", i);
      }
      Await.until(() -> sockets(run) == before, () -> sockets(run) + " sockets, not " + before);
      Outcome ended = run.stop("TERM");
      assertFalse(ended.stderr().contains("Exception"), ended.stderr());
    }
  }

  private static long sockets(Run run) {
    try (Stream<Path> numbers = Files.list(Path.of("/proc/" + run.pid() + "/fd"))) {
      return numbers.filter(PeerTroubleTest::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path number) {
    try {
      return Files.readSymbolicLink(number).toString().startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void readsOnAfterAPacketThatOptionsCannotBeAppliedTo() {
    int port = Server.freePort();
    String receive = "UDP4-RECVFROM:" + port + ",bind=127.0.0.1,fork,user-late=nosuch";
    try (Run run = Tool.OURS.command("-dd", receive, "PIPE").start()) {
      run.awaitLog("receiving on");
      for (int i = 1; i <= 3; i++) {
        Tool.OURS.command("-u", "-", "UDP4-SENDTO:127.0.0.1:" + port).input("x").run();
        run.awaitLog(" E getpwnam\\(\"nosuch\"\\): no such user", i);
      }
      assertTrue(run.isAlive());
    }
  }

  /** A caller that ignores SIGCHLD must not keep from us how programs end. */
  @Test
  void learnsHowProgramsEndWhereTheCallerDoesNotWantToKnow() throws Exception {
    Outcome failed =
        Tool.OURS.command("-u", "EXEC:/bin/false", "STDOUT").after("trap '' CHLD").run();
    assertEquals(1, failed.status(), failed.stderr());
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
    try (Run run =
        Tool.OURS.command("-dd", listen, "EXEC:/bin/true").after("trap '' CHLD").start()) {
      run.awaitLog("listening on");
      for (int i = 0; i < 10; i++) {
        assertEquals("", Client.exchange(port, ""));
      }
      Await.until(
          () -> {
            try (Stream<Path> numbers = Files.list(Path.of("/proc/" + run.pid() + "/fd"))) {
              return numbers.noneMatch(PeerTroubleTest::isProgram);
            }
          },
          () -> "the end of all programs");
    }
  }

  private static boolean isProgram(Path number) {
    try {
      return Files.readSymbolicLink(number).toString().contains("pidfd");
    } catch (IOException e) {
      return false;
    }
  }

  /** A dump is for those who look on; the peers are served without it. */
  @ParameterizedTest
  @ValueSource(strings = {"-v", "-x"})
  void servesWhereTheDumpCannotBeWritten(String option) throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
    try (Run run =
        Tool.OURS
            .command(option, "-lf", "/dev/null", listen, "PIPE")
            .after("exec 2>/dev/full")
            .start()) {
      Await.until(() -> isServed(port), () -> "an answer");
      String much = "0123456789abcdef".repeat(10_000);
      assertEquals(much, Client.exchange(port, much));
      assertTrue(run.isAlive());
    }
  }

  private static boolean isServed(int port) {
    try {
      return Client.exchange(port, "x").equals("x");
    } catch (IOException e) {
      return false;
    }
  }
}
