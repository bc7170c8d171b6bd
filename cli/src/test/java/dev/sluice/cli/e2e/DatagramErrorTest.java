package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

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
}
