package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many peers: at once, while there is room for fewer, and one after the other. */
class ManyDatagramPeersTest {
  private static final int PEERS = 500;

  /** How long one question waits for its answer before it is asked again. */
  private static final int ANSWER_MILLIS = 5_000;

  @ParameterizedTest
  @ValueSource(strings = {"UDP4-LISTEN", "UDP4-RECVFROM"})
  void servesAllWithinTheLimit(String keyword) throws Exception {
    int port = Server.freePort();
    String address = keyword + ":" + port + ",bind=127.0.0.1,fork,max-children=50,rcvbuf=4000000";
    try (Run run = Tool.OURS.command("-d", "-d", "-T", "0.3", address, "PIPE").start()) {
      run.awaitLog("(listening|receiving) on");
      long before = descriptors(run);
      List<DatagramSocket> peers = new ArrayList<>();
      try {
        for (int i = 0; i < PEERS; i++) {
          DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
          peer.setSoTimeout((int) Await.LIMIT.toMillis());
          peer.connect(InetAddress.getLoopbackAddress(), port);
          peers.add(peer);
          byte[] question = ("peer " + i).getBytes(StandardCharsets.US_ASCII);
          peer.send(new DatagramPacket(question, question.length));
        }
        for (int i = 0; i < PEERS; i++) {
          DatagramPacket answer = new DatagramPacket(new byte[100], 100);
          peers.get(i).receive(answer);
          assertEquals(
              "peer " + i,
              new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
        }
      } finally {
        peers.forEach(DatagramSocket::close);
      }
      Await.until(() -> descriptors(run) <= before + 3, () -> "descriptors to be closed");
    }
  }

  /** Sessions that are over are collected before the heap has grown with them. */
  @Test
  void shortSessionsOneAfterTheOtherTakeLittleMemory() throws Exception {
    int port = Server.freePort();
    String address = "UDP4-LISTEN:" + port + ",bind=127.0.0.1,fork";
    try (Run run =
        Tool.OURS.command("-d", "-d", "-lf", "/dev/null", "-T", "0.5", address, "PIPE").start()) {
      Await.until(() -> isBound(run, port), () -> "port " + port);
      List<CompletableFuture<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        clients.add(Background.call("client " + i, () -> askOften(port, 25_000)));
      }
      int unanswered = 0;
      for (CompletableFuture<Integer> client : clients) {
        unanswered += Await.result(client);
      }
      assertTrue(unanswered <= 10, unanswered + " questions got no answer");
      String status = Files.readString(Path.of("/proc", Long.toString(run.pid()), "status"));
      Matcher peak = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(status);
      assertTrue(peak.find(), status);
      assertTrue(Long.parseLong(peak.group(1)) < 180_000, peak.group());
    }
  }

  /** Asks so many times, and returns how many questions got no answer. */
  private static int askOften(int port, int times) throws java.io.IOException {
    int unanswered = 0;
    for (int i = 0; i < times; i++) {
      unanswered += ask(port, new byte[50]);
    }
    return unanswered;
  }

  /**
   * Asks from a new port until there is an answer, and returns how often there was none. The kernel
   * gives a port again while the session of its last user is still there: a question that arrives
   * in the moment in which that session closes its socket is lost, as anything sent by UDP may be.
   */
  private static int ask(int port, byte[] question) throws java.io.IOException {
    for (int unanswered = 0; ; unanswered++) {
      try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        peer.setSoTimeout(ANSWER_MILLIS);
        peer.connect(InetAddress.getLoopbackAddress(), port);
        peer.send(new DatagramPacket(question, question.length));
        peer.receive(new DatagramPacket(new byte[100], 100));
        return unanswered;
      } catch (SocketTimeoutException e) {
        if (unanswered == 5) {
          throw e;
        }
      }
    }
  }

  private static boolean isBound(Run run, int port) throws java.io.IOException {
    return Files.readString(Path.of("/proc", Long.toString(run.pid()), "net/udp"))
        .contains(String.format(":%04X ", port));
  }

  private static long descriptors(Run run) throws java.io.IOException {
    try (var all = Files.list(Path.of("/proc", Long.toString(run.pid()), "fd"))) {
      return all.count();
    }
  }
}
