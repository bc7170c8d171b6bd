package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults of a fleet: in its file, and by hand. */
@Timeout(120)
class FleetFaultTest {
  @TempDir Path folder;

  private final int slow = Server.freePort();
  private final int plain = Server.freePort();
  private final Server echo = Server.echo();
  private Run fleet;

  @BeforeEach
  void start() throws IOException {
    write("\"latency:1ms~500us\", \"rate:10M:up\"");
    fleet = run();
  }

  private void write(String faults) throws IOException {
    Files.writeString(
        folder.resolve("fleet.conf"),
        """
        sluice {
          snapshot { file = state }
          groups.slow { faults = [%s] }
          relays {
            slow  { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "%s", group = slow }
            plain { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "%s" }
          }
        }
        """
            .formatted(faults, slow, echo.address(), plain, echo.address()));
  }

  private Run run() {
    Run run = Tool.SLUICE.command("fleet", "run", "--socket", "s", "fleet.conf").in(folder).start();
    Await.until(() -> verb("status").stdout().matches("(?s).*slow +running.*"), run::log);
    return run;
  }

  @AfterEach
  void end() throws IOException {
    fleet.close();
    echo.close();
  }

  private Outcome verb(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "fleet";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--socket";
    all[words.length + 2] = "s";
    return Tool.SLUICE.command(all).in(folder).run();
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String receive(Socket client, int count) throws IOException {
    return new String(client.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
  }

  private String plan(String relay) {
    return verb("sessions", relay, "--json").stdout();
  }

  @Test
  void onlySessionsWithFaultsLeaveTheirPlan() throws IOException {
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), plain);
        Socket second = new Socket(InetAddress.getLoopbackAddress(), slow)) {
      send(first, "one");
      send(second, "two");
      assertEquals("one", receive(first, 3));
      assertEquals("two", receive(second, 3));
      assertTrue(plan("plain").matches("(?s).*\"plan\":\"(copy|splice)\".*"), plan("plain"));
      assertTrue(plan("slow").contains("\"plan\":\"stream\""), plan("slow"));
    }
  }

  @Test
  void sessionsSufferWhatIsSwitchedOnUntilItIsSwitchedOff() throws IOException {
    assertEquals(0, verb("fault", "add", "slow", "stall").status());
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), slow)) {
      send(client, "held");
      Await.until(() -> plan("slow").contains("\"plan\":\"stream\""), fleet::log);
      assertTrue(verb("plan").stdout().contains("relay slow: has the faults latency:1ms~500us"));
      assertEquals(0, verb("fault", "rm", "slow", "stall").status());
      assertEquals("held", receive(client, 4));
      assertFalse(verb("plan").stdout().contains("relay slow"));
      assertEquals(0, verb("fault", "add", "slow", "reset@1:up").status());
      assertEquals(-1, readOrReset(client)); // that byte has long passed
    }
    assertTrue(verb("status").stdout().contains("slow"));
  }

  @Test
  void sessionsThatBeganWithoutAFaultAreEndedOnRequest() throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), plain)) {
      send(client, "one");
      assertEquals("one", receive(client, 3));
      assertEquals(0, verb("fault", "add", "plain", "latency:1ms").status());
      send(client, "two");
      assertEquals("two", receive(client, 3));
      assertEquals(0, verb("fault", "add", "plain", "stall", "--end-sessions").status());
      assertEquals(-1, readOrReset(client));
    }
  }

  private static int readOrReset(Socket client) {
    try {
      return client.getInputStream().read();
    } catch (IOException reset) {
      return -1;
    }
  }

  @Test
  void whatIsSetByHandOutlivesAnApplyAndTheProcess() throws IOException {
    assertEquals(0, verb("fault", "rm", "slow").status());
    assertEquals(0, verb("fault", "add", "*", "slow-close:5ms").status());
    write("\"latency:2ms\"");
    assertEquals(0, verb("apply").status());
    String set = "(?s).*slow +slow-close:5ms +by hand.*plain +slow-close:5ms +by hand.*";
    assertTrue(verb("fault", "ls").stdout().matches(set), verb("fault", "ls").stdout());
    fleet.signal("KILL");
    fleet.await();
    fleet = run();
    assertTrue(verb("fault", "ls").stdout().matches(set), verb("fault", "ls").stdout());
    assertEquals(0, verb("fault", "reset", "*").status());
    String file = "(?s).*slow +latency:2ms +in the file.*";
    assertTrue(verb("fault", "ls").stdout().matches(file), verb("fault", "ls").stdout());
    assertFalse(verb("fault", "ls").stdout().contains("plain"));
    assertTrue(verb("export").stdout().contains("faults = [\"latency:2ms\"]"));
  }

  @Test
  void whatIsWrongIsSaidAndNothingChanges() throws IOException {
    for (String[] wrong :
        new String[][] {
          {"fault \"lag:1s\": there is no such fault", "fault", "add", "*", "lag:1s"},
          {"is for datagrams, and TCP is a stream", "fault", "add", "*", "loss:1%"},
          {"relay slow has no fault stall", "fault", "rm", "slow", "stall"},
          {"no relay is like that", "fault", "add", "no-such", "stall"},
          {"which fault?", "fault", "add", "slow"},
        }) {
      String[] words = java.util.Arrays.copyOfRange(wrong, 1, wrong.length);
      Outcome outcome = verb(words);
      assertEquals(1, outcome.status(), outcome.stderr());
      assertTrue(outcome.stderr().contains(wrong[0]), outcome.stderr());
    }
    assertFalse(verb("fault", "ls").stdout().contains("by hand"));
    write("\"latency:x\"");
    Outcome check = Tool.SLUICE.command("fleet", "check", "fleet.conf").in(folder).run();
    assertTrue(check.stderr().contains("fleet.conf:3: "), check.stderr());
    assertTrue(check.stderr().contains("\"x\" is not a time"), check.stderr());
  }
}
