package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A UNIX server that accepts nobody for a while: its clients wait, and cost no threads. */
class FullUnixQueueTest {
  private static final int CLIENTS = 20;

  @TempDir private Path folder;

  private ServerSocketChannel server(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path), 1);
    return server;
  }

  /** Threads of a relay that may wait for ever. */
  static long waitingThreads(long pid) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return all.filter(thread -> isNamed(thread, "waiting")).count();
    }
  }

  private static boolean isNamed(Path thread, String name) {
    try {
      return Files.readString(thread.resolve("comm")).strip().equals(name);
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNIX-CONNECT:", "UNIX-CLIENT:", "GOPEN:"})
  void allAreServedInTheEnd(String keyword) throws Exception {
    Path path = folder.resolve("sock");
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork,backlog=" + CLIENTS;
    List<Client> clients = new ArrayList<>();
    try (ServerSocketChannel server = server(path);
        Run run = Tool.OURS.command("-d", "-d", listen, keyword + path).start()) {
      run.awaitLog("listening on");
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(port));
      }
      run.awaitLog("accepting connection from", CLIENTS);
      if (keyword.equals("UNIX-CONNECT:")) {
        run.awaitLog("opening connection to", CLIENTS); // the others do not say so
      }
      assertEquals(0, waitingThreads(run.pid()));
      for (int i = 0; i < CLIENTS; i++) {
        try (SocketChannel peer = server.accept()) {
          peer.write(ByteBuffer.wrap(new byte[] {'y'}));
        }
      }
      for (Client client : clients) {
        assertEquals("y", client.readAll());
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aTimeLimitHolds() throws Exception {
    Path path = folder.resolve("sock");
    try (ServerSocketChannel server = server(path)) {
      List<SocketChannel> full = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        full.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
      }
      Outcome ended =
          Tool.OURS.command("-", "UNIX-CONNECT:" + path + ",connect-timeout=0.2").input("").run();
      assertEquals(1, ended.status());
      assertTrue(ended.stderr().contains("Connection timed out"), ended.stderr());
      for (SocketChannel each : full) {
        each.close();
      }
      assertTrue(server.isOpen());
    }
  }
}
