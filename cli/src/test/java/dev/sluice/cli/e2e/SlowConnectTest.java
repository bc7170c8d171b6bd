package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket second = new Socket(server.getInetAddress(), server.getLocalPort());
        Run run = Tool.OURS.command("-d", "-d", listen, connectTo(server)).start()) {
      run.awaitLog("listening on");
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(port));
      }
      run.awaitLog("opening connection to", CLIENTS);
      assertEquals(0, FullUnixQueueTest.waitingThreads(run.pid()));
      for (Socket queued : List.of(first, second)) {
        queued.close();
      }
      serve(server, 2 + CLIENTS);
      for (Client client : clients) {
        assertEquals("y", client.readAll());
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  private static String connectTo(ServerSocket server) {
    return String.format(
        "SOCKET-CONNECT:2:6:x%04x7f000001x0000000000000000", server.getLocalPort());
  }

  private static void serve(ServerSocket server, int peers) throws IOException {
    for (int i = 0; i < peers; i++) {
      try (Socket peer = server.accept()) {
        peer.getOutputStream().write('y');
      } catch (IOException e) {
        if (i >= 2) {
          throw e; // the two that filled the queue are gone
        }
      }
    }
  }
}
