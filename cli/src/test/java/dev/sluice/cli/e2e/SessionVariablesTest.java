package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs are told of the connection that they serve. */
class SessionVariablesTest {
  private static final String VARIABLES =
      "SYSTEM:'env | grep ^SOCAT_ | grep -v _VERSION | sort | sed \"s/PORT=.*/PORT=n/; s/PID=[1-9].*/PID=n/\"'";

  @ParameterizedTest
  @ValueSource(strings = {"TCP4-LISTEN:%d,bind=127.0.0.1", "TCP4-LISTEN:%d,bind=127.0.0.1,fork"})
  void programsAreToldOfAPeer(String address) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", String.format(address, port), VARIABLES).start()) {
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "");
                Outcome end = address.contains("fork") ? run.stop("TERM") : run.await();
                return end.observing(answer);
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void programsAreToldOfAPeerOverIpv6() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", "TCP6-LISTEN:" + port + ",bind=[::1]", VARIABLES)
                      .start()) {
                run.awaitLog("listening on");
                Outcome client = Tool.OURS.command("-t", "9", "-", "TCP6:[::1]:" + port).run();
                return run.await().observing(client.stdout());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void programsAreToldOfAUnixPeer() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-d", "-d", "UNIX-LISTEN:sock", VARIABLES).in(folder).start()) {
                run.awaitLog("listening on");
                Outcome client =
                    Tool.OURS.command("-t", "9", "-", "UNIX-CONNECT:sock").in(folder).run();
                return run.await().observing(client.stdout());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void programsOfAConnectorAreToldOfNobody() {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<String> told = new CompletableFuture<>();
              try (Server server =
                  Server.serving(
                      c -> {
                        c.shutdownOutput();
                        told.complete(new String(c.getInputStream().readAllBytes(), US_ASCII));
                      })) {
                return tool.command("-t", "9", server.address(), VARIABLES)
                    .run()
                    .observing(Await.result(told));
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void programsThatWereStartedBeforeAreToldOfNobody() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-d", "-d", VARIABLES, "TCP-LISTEN:" + port + ",bind=127.0.0.1")
                      .start()) {
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "");
                return run.await().observing(answer);
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void theNamesCarryTheNameOfTheProgram() {
    SideBySide.play(
            (tool, folder) ->
                tool.command(
                        "-lpmy-Relay1",
                        "-U",
                        "-",
                        "SYSTEM:'tr \"\\\\0\" \"\\\\n\" </proc/$$/environ | grep RELAY1 | grep -v VERSION | sed s/=.*// | sort'")
                    .run())
        .same();
  }
}
