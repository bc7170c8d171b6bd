package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What starts, holds and ends the inactivity timer (-T), and -t where it is short. */
class InactivityTest {

  @Test
  void doesNotRunWhileWaitingForAPeer() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command(
                          "-d", "-d", "-T", "0.3", "TCP-LISTEN:" + port + ",bind=127.0.0.1", "PIPE")
                      .start()) {
                run.awaitLog("listening on");
                long due = System.nanoTime() + 700_000_000L;
                Await.until(() -> System.nanoTime() > due, () -> "time");
                assertTrue(run.isAlive());
                try (Client client = new Client(port)) {
                  client.send("x\n");
                  String answer = client.readLine();
                  return run.await().observing(answer + client.readAll());
                }
              }
            })
        .same();
  }

  @Test
  void ofAnIgnoredEndIsOnTime() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("f"), "x");
              long start = System.nanoTime();
              Outcome outcome =
                  tool.command("-d", "-d", "-T", "1.5", "-u", "OPEN:f,ignoreeof", "-")
                      .in(folder)
                      .run();
              Duration took = Duration.ofNanos(System.nanoTime() - start);
              assertTrue(took.compareTo(Duration.ofMillis(1500)) >= 0, took.toString());
              return outcome;
            })
        .same();
  }

  @Test
  void zeroEndsAsSoonAsNothingIsReady() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.silent();
                  Run run =
                      tool.command("-d", "-d", "-T", "0", "-", server.address())
                          .openInput()
                          .start()) {
                return run.await();
              }
            })
        .same();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-T-1", "-T-0.5"})
  void negativeIsNone(String option) {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command(option, "-d", "-d", "-t", "0.2", "-", "PIPE").openInput().start()) {
                run.awaitLog("starting data transfer loop");
                long due = System.nanoTime() + 700_000_000L;
                Await.until(() -> System.nanoTime() > due, () -> "time");
                run.send("x");
                run.awaitOutput("x");
                run.endInput();
                return run.await();
              }
            })
        .same();
  }

  @Test
  void endsASessionAndNotItsListener() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          "-T",
                          "0.3",
                          "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                          "PIPE")
                      .start()) {
                run.awaitLog("listening on");
                try (Client client = new Client(port)) {
                  assertEquals("", client.readAll());
                }
                run.awaitLog("exiting with status 0");
                try (Client client = new Client(port)) {
                  assertEquals("", client.readAll());
                }
                run.awaitLog("exiting with status 0", 2);
                return run.stop("TERM");
              }
            })
        .inAnyOrder()
        .same();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP4-LISTEN", "UDP4-RECVFROM"})
  void endsSessionsOfDatagramPeersAndLeavesNothing(String keyword) throws Exception {
    int port = Server.freePort();
    String address = keyword + ":" + port + ",bind=127.0.0.1,fork";
    try (Run run = Tool.OURS.command("-d", "-d", "-T", "0.3", address, "PIPE").start();
        DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      peer.setSoTimeout((int) Await.LIMIT.toMillis());
      peer.connect(InetAddress.getLoopbackAddress(), port);
      run.awaitLog("(listening|receiving) on");
      long before = socketsAndPipes(run);
      for (int session = 1; session <= 2; session++) {
        peer.send(new DatagramPacket(new byte[] {7}, 1));
        peer.receive(new DatagramPacket(new byte[9], 9));
        run.awaitLog("exiting with status 0", session);
        Await.until(() -> socketsAndPipes(run) <= before, () -> "descriptors to be closed");
      }
    }
  }

  private static long socketsAndPipes(Run run) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(run.pid()), "fd"))) {
      return all.filter(InactivityTest::isSocketOrPipe).count();
    }
  }

  private static boolean isSocketOrPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().matches("(socket|pipe):.*");
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  /** The closing timer is one of silence: each piece starts it again, whichever way it goes. */
  @Test
  void inputRestartsTheClosingTimerToo() {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<Integer> received = new CompletableFuture<>();
              try (Server server =
                      Server.serving(
                          c -> {
                            c.shutdownOutput();
                            received.complete(c.getInputStream().readAllBytes().length);
                          });
                  Run run =
                      tool.command("-d", "-d", "-t", "1", "-", server.address())
                          .openInput()
                          .start()) {
                run.awaitLog("socket 2 \\(fd \\d+\\) is at EOF");
                long start = System.nanoTime();
                for (int i = 1; i <= 3; i++) {
                  long due = start + i * 600_000_000L;
                  Await.until(() -> System.nanoTime() >= due, () -> "time");
                  run.send("x");
                }
                run.endInput();
                return run.await().observing("received " + Await.result(received));
              }
            })
        .same();
  }
}
