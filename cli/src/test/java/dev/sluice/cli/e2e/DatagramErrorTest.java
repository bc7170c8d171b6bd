package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the last datagram is told, though nothing follows it. */
class DatagramErrorTest {

  @RepeatedTest(4)
  void thatNobodyListensIsTold() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-t", "1", "-", "UDP4:127.0.0.1:" + Server.freePort())
                    .input("x\n")
                    .run())
        .ignoringLog()
        .same();
  }

  @Test
  void alsoOneWay() {
    Outcome outcome =
        Tool.OURS.command("-u", "-", "UDP4:127.0.0.1:" + Server.freePort()).input("x").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("Connection refused"), outcome.stderr());
  }

  @Test
  void alsoInASessionOfOneDatagram() throws IOException {
    int port = Server.freePort();
    try (Run run =
            Tool.OURS
                .command(
                    "UDP4-RECVFROM:" + port + ",bind=127.0.0.1,fork",
                    "UDP4:127.0.0.1:" + Server.freePort())
                .start();
        DatagramSocket client = new DatagramSocket()) {
      byte[] x = {'x'};
      Await.until(
          () -> {
            client.send(new DatagramPacket(x, 1, InetAddress.getLoopbackAddress(), port));
            return outcomeShows(run);
          },
          () -> "the error of a session");
    }
  }

  private static boolean outcomeShows(Run run) {
    return run.log().contains("Connection refused");
  }

  @Test
  void anEmptyDatagramEndsTheDataAlsoWithEndClose() throws IOException {
    try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      peer.setSoTimeout((int) Await.LIMIT.toMillis());
      String address = "UDP4:127.0.0.1:" + peer.getLocalPort() + ",end-close";
      try (Run run = Tool.OURS.command("-t", "1", "-", address).input("x").start()) {
        assertEquals("x|", receive(peer) + "|" + receive(peer));
        assertEquals(0, run.await().status());
      }
    }
  }

  private static String receive(DatagramSocket peer) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    peer.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
  }

  /** A burst waits for a reader that has just begun to run; a size that was asked for stays. */
  @ParameterizedTest
  @CsvSource({"'', 4194304", "',rcvbuf=8192', 8192"})
  void aReceiverHasRoomForABurst(String option, int size) throws Exception {
    int port = Server.freePort();
    int most = mostRoom();
    try (Run run =
        Tool.OURS
            .command("-dd", "-u", "UDP4-RECV:" + port + ",bind=127.0.0.1" + option, "-")
            .start()) {
      run.awaitLog("starting data transfer");
      Process sockets = new ProcessBuilder("ss", "-H", "-uanm", "sport", "=", ":" + port).start();
      String text = new String(sockets.getInputStream().readAllBytes(), US_ASCII);
      // twice what was asked for, see socket(7)
      assertEquals(
          Integer.toString(2 * Math.min(most, size)), text.replaceAll("(?s).*,rb(\\d+),.*", "$1"));
    }
  }

  /** Read at once: a file of sysctl(8) that is read by the byte ends after the first. */
  private static int mostRoom() throws IOException {
    try (BufferedReader limit = Files.newBufferedReader(Path.of("/proc/sys/net/core/rmem_max"))) {
      return Integer.parseInt(limit.readLine());
    }
  }
}
