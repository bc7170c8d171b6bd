package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults that are asked for by option {@code fault}, seen from both ends. */
@Timeout(120)
class FaultTest {
  private static Outcome piped(String fault, String input) {
    return Tool.SLUICE.command("-d", "-d", "--statistics", "-", "PIPE," + fault).input(input).run();
  }

  @ParameterizedTest
  @CsvSource({
    "fault=latency:1ms",
    "fault=latency:2ms~1ms:up",
    "fault=rate:1M",
    "fault=slice:7~2@1us",
    "fault=slow-close:1ms",
    "fault=stall:p=0.0000001:seed=1",
    "'fault=latency:1ms,fault=slice:100'",
  })
  void whatOnlyDelaysLosesNothing(String fault) {
    String text = "123456789\n".repeat(500);
    Outcome outcome = piped(fault, text);
    assertEquals(text, outcome.stdout(), outcome.stderr());
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  @Test
  void slicesAreWrittenOneByOne() {
    Outcome outcome = piped("fault=slice:10:up", "0123456789".repeat(12));
    assertTrue(
        outcome.stderr().contains("left to right: 12 packets(s), 120 byte(s)"), outcome.stderr());
  }

  @Test
  void dataAreCutAfterSoManyBytes() {
    Outcome outcome = piped("fault=cut@5:up", "0123456789");
    assertEquals("01234", outcome.stdout(), outcome.stderr());
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  private static Run relay(int port, String leftMore, String right) {
    Run run =
        Tool.SLUICE
            .command(
                "-d",
                "-d",
                "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork" + leftMore,
                right)
            .start();
    run.awaitLog("listening on");
    return run;
  }

  @Test
  void bothConnectionsAreReset() throws IOException {
    int port = Server.freePort();
    try (Server echo = Server.echo();
        Run run = relay(port, "", echo.address() + ",fault=reset@10:up");
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.getOutputStream().write("12345".getBytes(StandardCharsets.US_ASCII));
      assertArrayEquals(
          "12345".getBytes(StandardCharsets.US_ASCII), client.getInputStream().readNBytes(5));
      client.getOutputStream().write("6789012345".getBytes(StandardCharsets.US_ASCII));
      IOException reset =
          assertThrows(IOException.class, () -> client.getInputStream().readAllBytes());
      assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
      run.awaitLog("fault reset@10:up resets both connections");
    }
  }

  @Test
  void sessionsAreRefusedOnEitherSide() throws IOException {
    int port = Server.freePort();
    try (Server echo = Server.echo();
        Run run = relay(port, ",fault=refuse", echo.address());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThrows(IOException.class, () -> client.getInputStream().readAllBytes());
      run.awaitLog("fault refuse refuses the session");
    }
    Outcome outcome = Tool.SLUICE.command("-", "TCP:127.0.0.1:1,fault=refuse").input("").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("fault refuse refuses the session"), outcome.stderr());
  }

  @Test
  void datagramsComeTwice() throws IOException {
    int port = Server.freePort();
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Run run =
            Tool.SLUICE
                .command(
                    "-d",
                    "-d",
                    "UDP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                    "UDP:127.0.0.1:" + server.getLocalPort() + ",fault=dup:100%:up")
                .start();
        DatagramSocket client = new DatagramSocket()) {
      run.awaitLog("listening on");
      client.connect(InetAddress.getLoopbackAddress(), port);
      client.send(new DatagramPacket(new byte[] {7}, 1));
      for (int i = 0; i < 2; i++) {
        DatagramPacket copy = new DatagramPacket(new byte[9], 9);
        server.receive(copy);
        assertEquals(1, copy.getLength());
        assertEquals(7, copy.getData()[0]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fault=lag:1s, 'fault \"lag:1s\": there is no such fault'",
    "fault=latency:50, '\"50\" is not a time'",
    "fault=loss:1%, 'is for datagrams, and TCP is a stream of bytes'",
  })
  void whatIsNoFaultIsSaidAndNothingBegins(String fault, String problem) {
    Outcome outcome =
        Tool.SLUICE.command("TCP-LISTEN:0,bind=127.0.0.1," + fault, "TCP:127.0.0.1:1").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(problem), outcome.stderr());
  }
}
