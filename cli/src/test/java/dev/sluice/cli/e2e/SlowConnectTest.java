package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.testkit.FullListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that answers no SYN for a while: those who connect to it cost no threads. */
class SlowConnectTest {
  private static final int CLIENTS = 10;

  @Test
  void aGenericSocketConnectsWithoutAThread() throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork,backlog=" + CLIENTS;
    List<Client> clients = new ArrayList<>();
    try (FullListener server = new FullListener();
        Run run = Tool.OURS.command("-d", "-d", listen, connectTo(server.port())).start()) {
      run.awaitLog("listening on");
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(port));
      }
      run.awaitLog("opening connection to", CLIENTS);
      assertEquals(0, FullUnixQueueTest.waitingThreads(run.pid()));
      assertEquals(143, run.stop("TERM").status());
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  private static String connectTo(int port) {
    return String.format("SOCKET-CONNECT:2:6:x%04x7f000001x0000000000000000", port);
  }
}
