package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** End of file in one direction while the other goes on. */
class HalfCloseTest {

  @Test
  void passesEndOfInputOnAndWaitsForTheAnswer() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  try (Server server =
                      Server.answeringAfterEof(
                          q -> ("answer to " + new String(q, US_ASCII)).getBytes(US_ASCII))) {
                    return tool.command("-d", "-d", "-", server.address()).input("GET").run();
                  }
                })
            .same();
    assertEquals("answer to GET", outcome.stdout());
  }

  @Test
  void goesOnSendingAfterTheServerHasEnded() {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<String> received = new CompletableFuture<>();
              try (Server server =
                      Server.serving(
                          c -> {
                            c.getOutputStream().write("bye\n".getBytes(US_ASCII));
                            c.shutdownOutput();
                            received.complete(
                                new String(c.getInputStream().readAllBytes(), US_ASCII));
                          });
                  Run run =
                      tool.command("-d", "-d", "-t", "30", "-", server.address())
                          .openInput()
                          .start()) {
                run.awaitOutput("bye");
                run.awaitLog("socket 2 \\(fd \\d+\\) is at EOF");
                run.send("late\n");
                run.endInput();
                return run.await().observing(Await.result(received));
              }
            })
        .same();
  }

  @Test
  void passesHalfClosesBetweenTwoConnections() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Server server =
                      Server.answeringAfterEof(q -> ("got " + q.length).getBytes(US_ASCII));
                  Run run =
                      tool.command(
                              "-d",
                              "-d",
                              "TCP-LISTEN:" + port + ",bind=127.0.0.1",
                              server.address())
                          .start()) {
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "x".repeat(100_000));
                return run.await().observing(answer);
              }
            })
        .same();
  }

  @Test
  void passesTheServersEndToTheClientFirst() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              CompletableFuture<String> received = new CompletableFuture<>();
              try (Server server =
                      Server.serving(
                          c -> {
                            c.shutdownOutput();
                            received.complete(
                                new String(c.getInputStream().readAllBytes(), US_ASCII));
                          });
                  Run run =
                      tool.command(
                              "-d",
                              "-d",
                              "-t",
                              "30",
                              "TCP-LISTEN:" + port + ",bind=127.0.0.1",
                              server.address())
                          .start()) {
                run.awaitLog("listening on");
                try (Client client = new Client(port)) {
                  assertEquals("", client.readAll());
                  client.send("after your end\n");
                  client.endOutput();
                  return run.await().observing(Await.result(received));
                }
              }
            })
        .same();
  }

  @Test
  void closesThePipeToAProgramThatReadsToTheEnd() {
    SideBySide.play(
            (tool, folder) -> tool.command("-", "SYSTEM:'wc -c',pipes").input("12345").run())
        .same();
  }

  @Test
  void shutNoneKeepsTheEndToItself() {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<String> received = new CompletableFuture<>();
              try (Server server =
                      Server.serving(
                          c -> {
                            c.getOutputStream().write(c.getInputStream().read());
                            received.complete("then " + c.getInputStream().read());
                          });
                  Run run =
                      tool.command("-t", "0.2", "-", server.address() + ",shut-none")
                          .input("x")
                          .start()) {
                return run.await().observing(Await.result(received));
              }
            })
        .same();
  }
}
