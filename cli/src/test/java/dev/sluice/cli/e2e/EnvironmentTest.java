package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables that programs are given, and those that the relay itself reads. */
class EnvironmentTest {
  private static final String TRANSFER_PAUSE =
      "before starting data transfer loop: sleeping 1s (env:SOCAT_TRANSFER_WAIT)";

  private static String printing(String prefix) {
    return "SYSTEM:env | grep ^" + prefix + "_ | sort";
  }

  private static String own(String prefix, long pid) {
    return String.format("%1$s_PID=%2$d\n%1$s_PPID=%2$d\n%1$s_VERSION=1.8.1.1\n", prefix, pid);
  }

  @ParameterizedTest
  @CsvSource({"-lpsocat,SOCAT", "-lprelay,RELAY", "-lpMixed1,MIXED1"})
  void programsAreToldOfTheRelayUnderItsName(String option, String prefix) {
    try (Run run = Tool.OURS.command(option, "-U", "-", printing(prefix)).start()) {
      assertEquals(own(prefix, run.pid()), run.await().stdout());
    }
  }

  @Test
  void theNameIsTheProgramsOwnWithoutAnOption(@TempDir Path folder) throws Exception {
    Path launcher = Tool.ROOT.resolve("bin/sluice");
    Tool renamed =
        new Tool("renamed", Files.createSymbolicLink(folder.resolve("tunnel"), launcher));
    try (Run run = renamed.command("-U", "-", printing("TUNNEL")).start()) {
      assertEquals(own("TUNNEL", run.pid()), run.await().stdout());
    }
  }

  @Test
  void thePrefixIsTheNamesForPeersAndPacketsToo() {
    int port = Server.freePort();
    String receiver = "UDP4-RECVFROM:" + port + ",bind=127.0.0.1,ip-recvttl,ip-pktinfo";
    String program = "SYSTEM:echo $RELAY_PEERADDR $RELAY_IP_TTL $RELAY_IP_IF $SOCAT_PEERADDR";
    try (Run run = Tool.OURS.command("-dd", "-lprelay", receiver, program).start()) {
      run.awaitLog("receiving on");
      Outcome client = Tool.OURS.command("-t", "9", "-", "UDP4:127.0.0.1:" + port).input("x").run();
      assertEquals("127.0.0.1 64 lo\n", client.stdout());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SOCAT_MAIN_WAIT", "SOCAT_TRANSFER_WAIT", "SOCAT_FORK_WAIT"})
  void pausesForADebugger(String variable) {
    SideBySide.play(
            (tool, folder) -> {
              long start = System.nanoTime();
              Outcome outcome =
                  tool.command("-ddd", "-", "EXEC:cat").env(variable, "1x").input("hello").run();
              assertTrue(System.nanoTime() - start >= 1_000_000_000L, outcome.stderr());
              boolean told = outcome.stderr().contains(TRANSFER_PAUSE);
              assertEquals(variable.equals("SOCAT_TRANSFER_WAIT"), told, outcome.stderr());
              return new Outcome(outcome.status(), outcome.stdout(), "");
            })
        .same();
  }

  /** What waits is the session; and neither end of it stands in the way of a stop. */
  @ParameterizedTest
  @ValueSource(strings = {"SOCAT_TRANSFER_WAIT", "SOCAT_FORK_WAIT"})
  void aPauseEndsWithTheRelay(String variable) {
    int port = Server.freePort();
    String listener = "TCP4-LISTEN:" + port + ",bind=127.0.0.1,fork";
    try (Run run = Tool.OURS.command("-ddd", listener, "PIPE").env(variable, "3600").start()) {
      run.awaitLog("listening on");
      try (Run client = Tool.OURS.command("-", "TCP4:127.0.0.1:" + port).start()) {
        run.awaitLog(variable.equals("SOCAT_FORK_WAIT") ? "forked off child" : "sleeping 3600s");
        Outcome outcome = run.stop("TERM");
        assertEquals(143, outcome.status());
        assertFalse(outcome.stderr().contains("transfer loop with FDs"), outcome.stderr());
        client.await();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SOCAT_DEFAULT_LISTEN_IP", "RELAY_DEFAULT_LISTEN_IP"})
  void theDefaultFamilyToListenIn(String variable) {
    for (String value : List.of("4", "6", "0", "")) {
      SideBySide.play((tool, folder) -> listening(tool, variable, value)).same();
      SideBySide.play((tool, folder) -> listening(tool, variable, value, "-4")).same();
      SideBySide.play((tool, folder) -> listening(tool, variable, value, "-6")).same();
    }
  }

  private static Outcome listening(Tool tool, String variable, String value, String... option) {
    List<String> words = new ArrayList<>(List.of("-dd", "-lprelay"));
    words.addAll(List.of(option));
    words.addAll(List.of("TCP-LISTEN:0", "PIPE"));
    try (Run run = tool.command(words.toArray(String[]::new)).env(variable, value).start()) {
      String where = run.awaitLog("listening on (AF=\\d+)").group(1);
      run.stop("TERM");
      return new Outcome(0, where, "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "6", "0"})
  void thePreferredFamilyOfNames(String value) {
    Outcome ours =
        SideBySide.play(
                (tool, folder) -> {
                  try (NameServer server = new NameServer()) {
                    String address =
                        "UDP-SENDTO:both.test:9,ai-addrconfig=0,res-nsaddr=" + server.address();
                    Outcome end =
                        tool.command("-dd", "-u", "-", address)
                            .env("SOCAT_PREFERRED_RESOLVE_IP", value)
                            .run();
                    return end.observing(
                        end.stderr().replaceAll("(?s).*local socket (AF=\\d+).*", "$1"));
                  }
                })
            .ignoringLog()
            .same();
    assertEquals(0, ours.status(), ours.stderr());
    if (!value.equals("0")) {
      assertEquals(value.equals("4") ? "AF=2" : "AF=10", ours.observed());
    }
  }

  /** A number says of itself which family it is of, whatever the variable holds. */
  @ParameterizedTest
  @CsvSource({"0, 127.0.0.1", "0, [::1]", "'', 127.0.0.1", "'', [::1]", "7, 127.0.0.1"})
  void theDefaultFamilyIsNotThatOfANumber(String value, String host) {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-dd", "TCP-LISTEN:0,bind=" + host, "PIPE")
                      .env("SOCAT_DEFAULT_LISTEN_IP", value)
                      .start()) {
                String where = run.awaitLog("listening on (AF=\\d+)").group(1);
                run.stop("TERM");
                return new Outcome(0, where, "");
              }
            })
        .same();
  }
}
