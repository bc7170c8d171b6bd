package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners and connectors, and their sessions. */
class SessionTest {
  @Test
  void aListenerWithoutForkStopsListeningOnceItHasAPeer() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", "TCP-LISTEN:" + port + ",bind=127.0.0.1", "PIPE")
                      .start()) {
                run.awaitLog("listening on");
                try (Client only = new Client(port)) {
                  only.send("x");
                  run.awaitLog("starting data transfer loop");
                  assertThrows(ConnectException.class, () -> new Client(port).close());
                  only.endOutput();
                  return run.await().observing(only.readAll());
                }
              }
            })
        .same();
  }

  @Test
  void theRightAddressIsOpenedAnewForEachSession() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              Path file = folder.resolve("f");
              try (Run run =
                  tool.command("-d", "-d", "-U", listen(port), "OPEN:f").in(folder).start()) {
                run.awaitLog("listening on");
                Files.writeString(file, "first");
                String first = Client.exchange(port, "");
                run.awaitLog("exiting with status 0");
                Files.writeString(file, "second");
                String second = Client.exchange(port, "");
                run.awaitLog("exiting with status 0", 2);
                return run.stop("TERM").observing(first + " " + second);
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void aBlockedWriterHoldsUpItsOwnDirectionOnly() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              CountDownLatch read = new CountDownLatch(1);
              CompletableFuture<Integer> received = new CompletableFuture<>();
              try (Server server =
                      Server.serving(
                          c -> {
                            for (int i = 0; i < 3; i++) {
                              c.getOutputStream().write("tick\n".getBytes(US_ASCII));
                            }
                            await(read);
                            received.complete(c.getInputStream().readAllBytes().length);
                          });
                  Run run =
                      tool.command(
                              "-d",
                              "-d",
                              "TCP-LISTEN:" + port + ",bind=127.0.0.1",
                              server.address())
                          .start()) {
                run.awaitLog("listening on");
                try (Client client = new Client(port)) {
                  CompletableFuture<Boolean> sent =
                      Background.call(
                          "sender",
                          () -> {
                            client.send("x".repeat(20_000_000));
                            client.endOutput();
                            return true;
                          });
                  String ticks = client.readLine() + client.readLine() + client.readLine();
                  assertTrue(!sent.isDone(), "held up");
                  read.countDown();
                  Await.result(sent);
                  return run.await().observing(ticks + Await.result(received));
                }
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void acceptTimeoutWithoutForkEndsToo() {
    SideBySide.play(
            (tool, folder) ->
                tool.command(
                        "-d",
                        "-d",
                        "TCP-LISTEN:" + Server.freePort() + ",bind=127.0.0.1,listen-timeout=0.3",
                        "PIPE")
                    .run())
        .same();
  }

  @Test
  void acceptTimeoutWaitsForTheLastSession() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", listen(port) + ",accept-timeout=0.5", "PIPE").start()) {
                run.awaitLog("listening on");
                try (Client client = new Client(port)) {
                  client.send("a\n");
                  client.readLine();
                  run.awaitLog("W accept: Connection timed out");
                  run.awaitLog("Waiting for child processes to terminate");
                  client.send("still served\n");
                  String answer = client.readLine();
                  client.endOutput();
                  return run.await().observing(answer);
                }
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void tcpListenersReuseTheirAddress() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run = tool.command("-d", "-d", "-d", listen(port), "PIPE").start()) {
                run.awaitLog("listening on");
                Client.exchange(port, "leaves a connection in TIME-WAIT");
                run.stop("TERM");
              }
              try (Run again = tool.command("-d", "-d", "-d", listen(port), "PIPE").start()) {
                again.awaitLog("listening on");
                return again.stop("TERM");
              }
            })
        .onlyLines("SO_REUS")
        .same();
  }

  /** The letters are lowered, the exit status is what it was. */
  @ParameterizedTest
  @ValueSource(strings = {"children-shutup", "children-shutup=2", "children-shutup=0"})
  void childrenShutupLowersWhatSessionsSay(String option) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", listen(port) + "," + option, "OPEN:/nonexistent/x")
                      .start()) {
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "");
                run.awaitLog("childdied|exit\\(1\\)");
                return run.stop("TERM").observing(answer);
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void maxChildrenOfAConnectorWaitsToo() {
    AtomicInteger most = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    try (Server server =
            Server.serving(
                c -> {
                  most.accumulateAndGet(open.incrementAndGet(), Math::max);
                  c.getInputStream().readAllBytes();
                  open.decrementAndGet();
                });
        Run run =
            Tool.OURS
                .command(
                    "-d",
                    "-d",
                    "-d",
                    "-T",
                    "1",
                    server.address() + ",fork,interval=0.1,max-children=2",
                    "PIPE")
                .start()) {
      run.awaitLog("I all 2 allowed children are active, waiting");
      run.awaitLog("exiting with status 0", 2);
      run.awaitLog("starting data transfer loop", 4);
      assertEquals(143, run.stop("TERM").status());
    }
    assertEquals(2, most.get());
  }

  @Test
  void aConnectorWithForkConnectsAgain() {
    Outcome outcome =
        SideBySide.play((tool, folder) -> threeTimes(tool, folder, "0.05")).onlyLines("^E ").same();
    assertEquals(1, outcome.status());
    assertEquals("hi\nhi\nhi\n", outcome.observed());
  }

  /** The peer sleeps on when a session ends before the sleep has begun. */
  @Test
  void theEndOfASessionCutsTheIntervalShort(@TempDir Path folder) throws IOException {
    assertEquals("hi\nhi\nhi\n", threeTimes(Tool.OURS, folder, "3600").observed());
  }

  /** A server that takes three connections, and is gone. */
  private static Outcome threeTimes(Tool tool, Path folder, String interval) throws IOException {
    AtomicInteger count = new AtomicInteger();
    Server[] server = new Server[1];
    server[0] =
        Server.serving(
            c -> {
              if (count.incrementAndGet() >= 3) {
                server[0].closeListener();
              }
              c.getOutputStream().write("hi\n".getBytes(US_ASCII));
            });
    try (Server closing = server[0]) {
      String left = closing.address() + ",fork,interval=" + interval;
      Outcome end = tool.command("-u", left, "OPEN:out,creat,append").in(folder).run();
      return end.observing(Files.readString(folder.resolve("out")));
    }
  }

  @Test
  void aConnectorWithForkAndForeverKeepsTrying() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          "TCP:127.0.0.1:" + port + ",fork,forever,interval=0.1",
                          "SYSTEM:'echo served'")
                      .start()) {
                run.awaitLog("Connection refused", 3);
                CompletableFuture<String> seen = new CompletableFuture<>();
                try (Server server =
                    Server.serving(
                        java.net.InetAddress.getLoopbackAddress(),
                        port,
                        c ->
                            seen.complete(
                                new String(c.getInputStream().readNBytes(7), US_ASCII)))) {
                  assertEquals(port, server.port());
                  String answer = Await.result(seen);
                  return run.stop("TERM").observing(answer);
                }
              }
            })
        // Those connected while the test ends may find the server gone: no line of theirs is
        // compared.
        .onlyLines("^F |^E connect")
        .same();
  }

  private static String listen(int port) {
    return "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
