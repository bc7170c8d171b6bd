package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.typed.ActorSystem;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySystem;
import dev.sluice.testkit.Descriptors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay is stopped while clients come: whatever was under way, nothing stays open. */
@Tag("slow")
@Timeout(120)
class StopUnderLoadTest {
  private static final long PATIENCE_SECONDS = 10;
  private static final int ROUNDS = 20;
  private static final int CLIENTS = 4;
  private static final int EACH = 25;

  private static final ActorSystem<Void> SYSTEM = RelaySystem.create("load");

  @AfterAll
  static void end() {
    SYSTEM.terminate();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PIPE", "SYSTEM:cat", "TCP:127.0.0.1:1", "STALL"})
  void leavesNothingOpen(String right) throws Exception {
    warmUp();
    Descriptors before = Descriptors.now();
    for (int i = 0; i < ROUNDS; i++) {
      round(right, i * 3);
    }
    before.assertNothingNew();
  }

  /** Starts every poller: sessions are given to them in turn, and each lives with the system. */
  private static void warmUp() throws Exception {
    RelayHandle relay = Relay.between("TCP-LISTEN:0,bind=127.0.0.1,fork", "PIPE").start(SYSTEM);
    int port = port(relay);
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(1);
        assertEquals(1, socket.getInputStream().read());
      }
    }
    relay.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static int port(RelayHandle relay) throws Exception {
    SocketAddress bound =
        relay.boundAddress().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return ((InetSocketAddress) bound).getPort();
  }

  /** Stops the relay once that many clients are connected, while more are coming. */
  private static void round(String right, int connected) throws Exception {
    RelayHandle relay =
        Relay.between("TCP-LISTEN:0,bind=127.0.0.1,fork,backlog=200", right).start(SYSTEM);
    int port = port(relay);
    CountDownLatch enough = new CountDownLatch(connected);
    List<Socket> sockets = new ArrayList<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> connectMany(port, sockets, enough));
      client.start();
      clients.add(client);
    }
    assertTrue(enough.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    relay.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    for (Thread client : clients) {
      client.join();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void connectMany(int port, List<Socket> sockets, CountDownLatch enough) {
    try {
      for (int i = 0; i < EACH; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        synchronized (sockets) {
          sockets.add(socket);
        }
        enough.countDown();
      }
    } catch (IOException e) {
      // the relay has gone
    }
  }
}
