package dev.sluice.addresses;

import dev.sluice.testkit.Peer;
import dev.sluice.testkit.SocketServer;
import java.util.concurrent.CompletableFuture;

/**
 * A proxy that knows its lines: it hears so many bytes, says so many, in turn; its one connection
 * then is the peer.
 */
final class CannedProxy implements AutoCloseable {
  /** What is heard, by its length, and what is said after it. */
  record Turn(int heard, byte[] said) {}

  private final SocketServer server;
  private final int port;
  private final CompletableFuture<Peer> peer;

  CannedProxy(SocketServer server, Turn... turns) {
    this.server = server;
    this.port = server.address().port();
    this.peer =
        CompletableFuture.supplyAsync(
            () -> {
              Peer connection = server.accept();
              for (Turn turn : turns) {
                connection.receive(turn.heard());
                connection.send(turn.said());
              }
              return connection;
            });
  }

  int port() {
    return port;
  }

  /** The connection, once all has been said. */
  Peer peer() {
    return peer.join();
  }

  @Override
  public void close() {
    server.close();
  }
}
