package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** retry, forever, interval. */
class RetryTest {

  @Test
  void triesFourTimesWithRetryThree() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  long start = System.nanoTime();
                  Outcome end =
                      tool.command("-d", "-d", "-", "TCP:127.0.0.1:1,retry=3,interval=0.2").run();
                  assertTrue(System.nanoTime() - start >= Duration.ofMillis(600).toNanos());
                  return end;
                })
            .same();
    assertEquals(1, outcome.status());
  }

  @Test
  void findsAServerThatStartsLateWithRetry() {
    SideBySide.play((tool, folder) -> late(tool, "retry=3,interval=0.2")).ignoringLog().same();
  }

  @Test
  void findsAServerThatStartsLateWithForever() {
    SideBySide.play((tool, folder) -> late(tool, "forever,interval=0.1")).ignoringLog().same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP:localhost:1,tcp-maxseg=1,retry=3",
        "TCP:localhost:1,setsockopt-socket=6:2:i1,forever",
        "PROXY:localhost:target:1,proxyport=1,so-bindtodevice=nosuch,retry=3",
        "TCP-LISTEN:0,bind=127.0.0.1,tcp-maxseg=1,forever",
      })
  void anOptionThatTheKernelRefusesIsNotTriedAgain(String address) {
    Outcome outcome =
        SideBySide.play((tool, folder) -> tool.command("-d", "-d", "-", address).run())
            .onlyLines("setsockopt|refused|exit")
            .same();
    assertEquals(1, outcome.status());
  }

  @Test
  void aListenerThatGetsNoPortEndsWith255() {
    SideBySide.play(
            (tool, folder) -> {
              try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                return tool.command(
                        "-d",
                        "-d",
                        "TCP-LISTEN:"
                            + taken.getLocalPort()
                            + ",bind=127.0.0.1,retry=2,interval=0.1",
                        "PIPE")
                    .run();
              }
            })
        .same();
  }

  @Test
  void aListenerWaitsForItsPort() {
    SideBySide.play(
            (tool, folder) -> {
              ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
              int port = taken.getLocalPort();
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          "-d",
                          "TCP-LISTEN:" + port + ",bind=127.0.0.1,forever,interval=0.1",
                          "PIPE")
                      .start()) {
                run.awaitLog("I bind\\(.*Address already in use");
                taken.close();
                run.awaitLog("listening on");
                String answer = Client.exchange(port, "at last\n");
                return run.await().observing(answer);
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void aMissingUnixSocketFails() {
    SideBySide.play(
            (tool, folder) -> tool.command("-d", "-d", "-", "UNIX-CONNECT:nosuch").in(folder).run())
        .same();
    SideBySide.play(
            (tool, folder) -> tool.command("-d", "-d", "-", "UNIX-CLIENT:nosuch").in(folder).run())
        .same();
  }

  private static Outcome late(Tool tool, String options) {
    int port = Server.freePort();
    try (Run run =
        tool.command("-d", "-d", "-", "TCP:127.0.0.1:" + port + "," + options)
            .input("late\n")
            .start()) {
      run.awaitLog("Connection refused");
      try (Server server =
          Server.serving(InetAddress.getLoopbackAddress(), port, Server::sendBack)) {
        return run.await().observing("server at its port: " + (server.port() == port));
      }
    }
  }
}
