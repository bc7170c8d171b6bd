package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers at their ends: very long times, very large blocks, less than nothing. */
class NumberLimitsTest {

  @ParameterizedTest
  @ValueSource(strings = {"-t30000000", "-T30000000", "-t0x10", "-T1e1"})
  void waitsAsLongAsItIsTold(String option) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command(option, "-", "SYSTEM:sleep 0.1; cat").input("hi\n").run())
            .same();
    assertEquals("hi\n", outcome.stdout());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-TNaN", "-t1d", "-t1f", "-tInfinity", "-Tinf", "-t0x", "-t1e", "-t."})
  void refusesTimesThatAreNoNumbers(String option) {
    Outcome outcome = Tool.OURS.command(option, "-", "PIPE").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("numerical"), outcome.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"16777217", "33554432", "2147483648", "4294967297", "0", "-1"})
  void refusesBlocksThatAreTooLarge(String size) {
    Outcome outcome = Tool.OURS.command("-b", size, "-", "PIPE").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("-b"), outcome.stderr());
  }

  /** Batches of datagrams take no more memory for larger blocks. */
  @Test
  void relaysDatagramsInTheLargestBlocks() throws Exception {
    int port = Server.freePort();
    try (DatagramSocket target = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Run run =
            Tool.OURS
                .command(
                    "-dd",
                    "-b16777216",
                    "UDP4-LISTEN:" + port + ",bind=127.0.0.1,fork",
                    "UDP4:127.0.0.1:" + target.getLocalPort())
                .env("SLUICE_JAVA_OPTS", "-Xmx192m")
                .start()) {
      run.awaitLog("listening on");
      target.setSoTimeout((int) Await.LIMIT.toMillis());
      byte[] sent = new byte[60_000];
      Arrays.fill(sent, (byte) 7);
      DatagramPacket got = new DatagramPacket(new byte[65_536], 65_536);
      for (int i = 0; i < 3; i++) {
        client.send(new DatagramPacket(sent, sent.length, InetAddress.getLoopbackAddress(), port));
        target.receive(got);
        assertEquals(sent.length, got.getLength());
      }
      assertTrue(run.isAlive());
    }
  }

  @Test
  void lessThanNothingIsNoLimit() throws Exception {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-u", "STDIN,readbytes=-1", "STDOUT").input("all of it\n").run())
        .same();
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,max-children=-1";
    try (Run run = Tool.OURS.command("-dd", listen, "PIPE").start()) {
      run.awaitLog("listening on");
      assertEquals("served", Client.exchange(port, "served"));
    }
    int later = Server.freePort();
    try (Run run =
        Tool.OURS
            .command("-dddd", "-", "TCP:127.0.0.1:" + later + ",retry=-1,interval=0.05")
            .start()) {
      run.awaitLog("Connection refused");
      try (Server server =
          Server.serving(
              InetAddress.getLoopbackAddress(),
              later,
              connection ->
                  connection
                      .getOutputStream()
                      .write("at last".getBytes(StandardCharsets.US_ASCII)))) {
        run.awaitOutput("at last");
        assertTrue(server.port() > 0);
      }
    }
  }
}
