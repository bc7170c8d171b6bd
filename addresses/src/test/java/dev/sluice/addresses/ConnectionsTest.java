package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.relay.Connectors;
import dev.sluice.relay.Connectors.Connected;
import dev.sluice.relay.Connectors.Connection;
import dev.sluice.testkit.RelayExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What connectors tell of a connection, and how often it can be used. */
@Timeout(60)
class ConnectionsTest {
  @RegisterExtension final RelayExtension relays = new RelayExtension();

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  @Test
  void aFlowTellsItsEnds() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, loopback())) {
      Flow<ByteString, ByteString, CompletionStage<Connected>> flow =
          relays.connectors().flow("TCP:127.0.0.1:" + server.getLocalPort());
      Pair<CompletionStage<Connected>, CompletionStage<ByteString>> run =
          Source.single(ByteString.fromString("x"))
              .viaMat(flow, Keep.right())
              .toMat(Sink.fold(ByteString.emptyByteString(), ByteString::concat), Keep.both())
              .run(relays.system());
      try (Socket accepted = server.accept()) {
        Connected connected = RelayExtension.await(run.first());
        assertEquals(
            Optional.<SocketAddress>of(new InetSocketAddress(loopback(), server.getLocalPort())),
            connected.peer());
        assertEquals(Optional.of(accepted.getRemoteSocketAddress()), connected.local());
        accepted.getOutputStream().write("y".getBytes(US_ASCII));
      }
      assertEquals(ByteString.fromString("y"), RelayExtension.await(run.second()));
    }
  }

  @Test
  void whatCannotBeOpenedTellsWhy() throws IOException {
    int nobody;
    try (ServerSocket server = new ServerSocket(0, 1, loopback())) {
      nobody = server.getLocalPort();
    }
    CompletionStage<Connected> connected =
        relays
            .connectors()
            .source("TCP:127.0.0.1:" + nobody)
            .toMat(Sink.ignore(), Keep.left())
            .run(relays.system());
    RuntimeException failure =
        assertThrows(RuntimeException.class, () -> RelayExtension.await(connected));
    assertTrue(failure instanceof OpenFailure, failure.toString());
    assertTrue(failure.toString().endsWith(": Connection refused"), failure.toString());
  }

  private record Accepted(Socket client, Connection connection) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private Accepted accept() throws IOException {
    Pair<CompletionStage<String>, CompletionStage<Connection>> run =
        Connectors.of(relays.system())
            .listen("TCP-LISTEN:0,bind=127.0.0.1,fork")
            .toMat(Sink.head(), Keep.both())
            .run(relays.system());
    String bound = RelayExtension.await(run.first());
    int port = Integer.parseInt(bound.substring(bound.lastIndexOf(':') + 1));
    Socket client = new Socket(loopback(), port);
    return new Accepted(client, RelayExtension.await(run.second()));
  }

  @Test
  void aConnectionIsUsedOnce() throws IOException {
    try (Accepted accepted = accept()) {
      Flow<ByteString, ByteString, NotUsed> flow = accepted.connection().flow();
      flow.join(Flow.create()).run(relays.system());
      accepted.client().getOutputStream().write('x');
      assertEquals('x', accepted.client().getInputStream().read()); // the first one has started
      CompletionStage<akka.Done> second =
          Source.<ByteString>empty().via(flow).runWith(Sink.ignore(), relays.system());
      assertThrows(IllegalStateException.class, () -> RelayExtension.await(second));
      accepted.client().getOutputStream().write('y');
      assertEquals('y', accepted.client().getInputStream().read());
    }
  }

  @Test
  void aConnectionThatNobodyUsedCanBeClosed() throws IOException {
    try (Accepted accepted = accept()) {
      accepted.connection().close();
      assertEquals(-1, accepted.client().getInputStream().read());
    }
  }

  @Test
  void aConnectionInUseCanBeClosed() throws IOException {
    try (Accepted accepted = accept()) {
      accepted.connection().flow().join(Flow.create()).run(relays.system());
      accepted.client().getOutputStream().write('x');
      assertEquals('x', accepted.client().getInputStream().read());
      accepted.connection().close();
      assertEquals(-1, accepted.client().getInputStream().read());
    }
  }
}
