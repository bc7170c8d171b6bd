package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.testkit.TcpTable;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Listeners that start a session per connection. */
class ForkTest {

  @Test
  void servesTwoHundredParallelClients() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Server upstream = Server.echo();
                  Run run =
                      tool.command(
                              "-d",
                              "-d",
                              "-t",
                              "30",
                              listen(port) + ",backlog=256",
                              upstream.address())
                          .start()) {
                run.awaitLog("listening on");
                exchangeInParallel(port, 200, 20_000);
                return run.stop("TERM");
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void relaysThroughUnixSocketsAndBackToTcp() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Server upstream = Server.echo();
                  Run inner =
                      tool.command("-d", "-d", "UNIX-LISTEN:relay.sock,fork", upstream.address())
                          .in(folder)
                          .start();
                  Run outer =
                      tool.command(
                              "-d", "-d", listen(port) + ",backlog=64", "UNIX-CONNECT:relay.sock")
                          .in(folder)
                          .start()) {
                inner.awaitLog("listening on");
                outer.awaitLog("listening on");
                exchangeInParallel(port, 20, 50_000);
                Outcome outerEnd = outer.stop("TERM");
                Outcome innerEnd = inner.stop("TERM");
                return innerEnd.observing(
                    "outer "
                        + outerEnd.status()
                        + ", socket file left: "
                        + folder.resolve("relay.sock").toFile().exists());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void servesAbstractSockets() {
    SideBySide.play(
            (tool, folder) -> {
              String name = "sluice-e2e-" + System.nanoTime();
              try (Run server =
                  tool.command("-d", "-d", "ABSTRACT-LISTEN:" + name + ",fork", "PIPE").start()) {
                server.awaitLog("listening on");
                Outcome client =
                    tool.command("-", "ABSTRACT-CONNECT:" + name).input("abstract\n").run();
                return server
                    .stop("TERM")
                    .observing(client.status() + client.stdout() + client.stderr());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void startsAProgramPerConnection() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", listen(port) + ",backlog=64", "EXEC:cat").start()) {
                run.awaitLog("listening on");
                exchangeInParallel(port, 20, 20_000);
                return run.stop("TERM");
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void logsOneSessionLikeThePeer() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run = tool.command("-d", "-d", listen(port), "PIPE").start()) {
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "one\n");
                run.awaitLog("exiting with status 0");
                return run.stop("TERM").observing(answer);
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void aFailedSessionLeavesTheListenerServing() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  int port = Server.freePort();
                  try (Run run =
                      tool.command("-d", "-d", listen(port), "OPEN:missing").in(folder).start()) {
                    run.awaitLog("listening on");
                    assertEquals("", Client.exchange(port, ""));
                    run.awaitLog("exit\\(1\\)");
                    assertEquals("", Client.exchange(port, ""));
                    run.awaitLog("exit\\(1\\)", 2);
                    return run.stop("TERM");
                  }
                })
            .inAnyOrder()
            .same();
    assertEquals(143, outcome.status());
  }

  @Test
  void givesEachSessionItsOwnNumberAndPeer() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          listen(port),
                          "SYSTEM:'echo $SOCAT_PEERADDR $SOCAT_SOCKADDR $SOCAT_SOCKPORT $SOCAT_PID $SOCAT_PPID'")
                      .start()) {
                run.awaitLog("listening on");
                List<String> first = words(Client.exchange(port, ""));
                List<String> second = words(Client.exchange(port, ""));
                assertEquals("127.0.0.1", first.get(0));
                assertEquals("127.0.0.1", first.get(1));
                assertEquals(Integer.toString(port), first.get(2));
                assertFalse(
                    first.get(3).equals(second.get(3)), "each session has a number of its own");
                assertEquals(Long.toString(run.pid()), first.get(4));
                return run.stop("TERM");
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void servesTwoAtATimeAndTheRestInTurn() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", listen(port) + ",max-children=2", "PIPE").start()) {
                run.awaitLog("listening on");
                List<Client> clients = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                  clients.add(new Client(port));
                  clients.get(i).send("client " + i + "\n");
                }
                assertEquals("client 0\n", clients.get(0).readLine());
                assertEquals("client 1\n", clients.get(1).readLine());
                run.awaitLog("maxchildren are active, waiting");
                for (int i = 2; i < 5; i++) {
                  assertFalse(clients.get(2).hasInput(), "nobody beyond the limit is answered");
                  clients.get(i - 2).close();
                  assertEquals("client " + i + "\n", clients.get(i).readLine());
                }
                clients.get(3).close();
                clients.get(4).close();
                return run.stop("TERM");
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void refusesAThirdSessionOnlyUntilOneEnds() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", listen(port) + ",max-children=1", "PIPE").start()) {
                run.awaitLog("listening on");
                try (Client first = new Client(port)) {
                  first.send("a\n");
                  first.readLine();
                  run.awaitLog("maxchildren are active, waiting");
                }
                run.awaitLog("listening on", 2);
                String answer;
                try (Client second = new Client(port)) {
                  second.send("b\n");
                  answer = second.readLine();
                  run.awaitLog("maxchildren are active, waiting", 2);
                }
                run.awaitLog("listening on", 3);
                return run.stop("TERM").observing(answer);
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void oneProgramServesAllConnectionsOfAForkingSecondAddress() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run = tool.command("-d", "-d", "EXEC:cat", listen(port)).start()) {
                run.awaitLog("listening on");
                StringBuilder seen = new StringBuilder();
                for (int i = 0; i < 2; i++) {
                  try (Client client = new Client(port)) {
                    client.send("turn " + i + "\n");
                    seen.append(client.readLine());
                  }
                  run.awaitLog("exiting with status 0", i + 1);
                }
                return run.stop("TERM").observing(seen.toString());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void refusesPeersOutOfRange() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", listen(port) + ",range=10.0.0.0/8", "PIPE").start()) {
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "");
                run.awaitLog("refusing connection");
                return run.stop("TERM").observing(answer);
              }
            })
        .same();
  }

  @Test
  void endsWhenNobodyConnectsInTime() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", listen(Server.freePort()) + ",accept-timeout=0.3", "PIPE")
                    .run())
        .same();
  }

  @Test
  void maxChildrenNeedsFork() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("TCP-LISTEN:" + Server.freePort() + ",max-children=2", "PIPE").run())
        .same();
  }

  @Test
  void keepsServingWhenDescriptorsRunOut() throws Exception {
    int port = Server.freePort();
    CountDownLatch ranOut = new CountDownLatch(1);
    try (Server upstream = Server.serving(connection -> echoAfter(ranOut, connection));
        Run run =
            Tool.OURS
                .command("-d", "-d", "-t", "30", listen(port) + ",backlog=256", upstream.address())
                .after("ulimit -n 100")
                .start()) {
      run.awaitLog("listening on");
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        String question = "client " + i;
        answers.add(Background.call(question, () -> Client.exchange(port, question)));
      }
      run.awaitLog("Too many open files");
      ranOut.countDown();
      for (int i = 0; i < 120; i++) {
        assertEquals("client " + i, Await.result(answers.get(i)));
      }
      assertEquals("again", Client.exchange(port, "again"));
      assertTrue(run.isAlive());
      assertEquals(143, run.stop("TERM").status());
    }
  }

  /** The server sees the end of the data, and yet no port waits (TIME-WAIT) for it to close too. */
  @Test
  void freesThePortAtOnceWhenTheClientResets() throws Exception {
    int port = Server.freePort();
    CompletableFuture<Integer> atTheEnd = new CompletableFuture<>();
    Server.Handler handler =
        connection -> {
          connection.getOutputStream().write(connection.getInputStream().readNBytes(2));
          atTheEnd.complete(connection.getInputStream().read());
          Await.until(connection::isClosed, () -> "the end of the test");
        };
    try (Server upstream = Server.serving(handler);
        Run run = Tool.SLUICE.command("-d", "-d", listen(port), upstream.address()).start()) {
      run.awaitLog("listening on");
      try (Client client = new Client(port)) {
        client.send("x\n");
        assertEquals("x\n", client.readLine());
        client.reset();
      }
      run.awaitLog("N exit\\(1\\)");

      assertEquals(-1, Await.result(atTheEnd));
      Await.until(() -> connectionsTo(upstream).isEmpty(), () -> "no " + connectionsTo(upstream));
      assertEquals(143, run.stop("TERM").status());
    }
  }

  private static List<TcpTable.Row> connectionsTo(Server server) {
    return TcpTable.rows().filter(row -> row.peerPort() == server.port()).toList();
  }

  private static void echoAfter(CountDownLatch start, Socket connection) throws IOException {
    try {
      start.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Server.sendBack(connection);
  }

  private static List<String> words(String line) {
    return List.of(line.trim().split(" ", -1));
  }

  private static String listen(int port) {
    return "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
  }

  /** Clients that are all connected before any of them is served to its end. */
  private static void exchangeInParallel(int port, int clients, int bytes) {
    List<byte[]> questions = new ArrayList<>();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      byte[] question = new byte[bytes];
      new Random(i).nextBytes(question);
      questions.add(question);
      answers.add(Background.call("client " + i, () -> Client.exchange(port, question)));
    }
    for (int i = 0; i < clients; i++) {
      assertArrayEquals(questions.get(i), Await.result(answers.get(i)), "client " + i);
    }
  }
}
