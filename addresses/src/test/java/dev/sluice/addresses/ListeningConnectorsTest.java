package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.util.ByteString;
import dev.sluice.relay.Connectors;
import dev.sluice.testkit.Peer;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A listening address as a Source of connections. */
class ListeningConnectorsTest extends ConnectorsFixture {
  @Test
  void aListeningAddressGivesItsConnections() throws IOException {
    int port = freePort();
    TestSubscriber.Probe<Connectors.Connection> connections = listen(port);
    connections.request(2);
    CompletionStage<String> first = ask(port, "one");
    serveEcho(connections.expectNext());
    assertEquals("one", RelayExtension.await(first));
    CompletionStage<String> second = ask(port, "two");
    Connectors.Connection connection = connections.expectNext();
    assertEquals("127.0.0.1", connection.facts().get("PEERADDR"));
    assertEquals(Integer.toString(port), connection.facts().get("SOCKPORT"));
    serveEcho(connection);
    assertEquals("two", RelayExtension.await(second));
    connections.cancel();
  }

  @Test
  void cancellingAListenerClosesItAndLeavesItsConnections() throws IOException {
    int port = freePort();
    TestSubscriber.Probe<Connectors.Connection> connections = listen(port);
    connections.request(1);
    CompletionStage<String> answer = ask(port, "still served");
    Connectors.Connection connection = connections.expectNext();
    connections.cancel();
    relays
        .testKit()
        .createTestProbe()
        .awaitAssert(
            RelayExtension.PATIENCE,
            () -> assertThrows(UncheckedIOException.class, () -> TestClient.connect(port).close()));
    serveEcho(connection);
    assertEquals("still served", RelayExtension.await(answer));
  }

  @Test
  void cancellingAListenerEndsConnectionsThatNobodyTook() throws IOException {
    int port = freePort();
    TestSubscriber.Probe<Connectors.Connection> connections = listen(port);
    connections.ensureSubscription();
    try (TestClient first = connectPatiently(port);
        TestClient second = TestClient.connect(port);
        TestClient third = TestClient.connect(port)) {
      connections.request(1);
      serveEcho(connections.expectNext());
      connections.cancel();
      assertEquals("taken", first.send("taken").receive(5));
      for (TestClient waiting : List.of(second, third)) {
        assertTrue(waiting.isEnded(), "left alone, with nobody to serve it");
      }
    }
  }

  @Test
  void connectionsThatNobodyAsksForWait() throws IOException {
    int port = freePort();
    TestSubscriber.Probe<Connectors.Connection> connections = listen(port);
    connections.ensureSubscription();
    List<CompletionStage<String>> answers =
        IntStream.range(0, 40)
            .<CompletionStage<String>>mapToObj(i -> ask(port, "client " + i))
            .toList();
    for (int i = 0; i < 40; i++) {
      connections.request(1);
      serveEcho(connections.expectNext());
    }
    for (int i = 0; i < 40; i++) {
      assertEquals("client " + i, RelayExtension.await(answers.get(i)));
    }
    connections.cancel();
  }

  @Test
  void anAddressInUseFailsTheListener() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertOpenFailure(listen(taken.getLocalPort()).expectSubscriptionAndError());
    }
  }

  @Test
  void anAddressWithoutForkIsNoListener() {
    TestSubscriber.Probe<Connectors.Connection> connections =
        relays
            .connectors()
            .listen("PIPE")
            .toMat(TestSink.<Connectors.Connection>create(relays.system()), Keep.right())
            .run(relays.system());
    assertOpenFailure(connections.expectSubscriptionAndError());
  }

  @Test
  void connectionsHaveShakenHands() throws IOException {
    int port = freePort();
    String keys =
        ",cert=" + TlsPeer.file("localhost.crt") + ",key=" + TlsPeer.file("localhost.key");
    TestSubscriber.Probe<Connectors.Connection> connections =
        listen("OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,fork,backlog=64,verify=0" + keys);
    connections.request(1);
    try (TestClient broken = connectPatiently(port)) {
      broken.send("no hello at all, but long enough to be read as the head of a record\n");
      broken.receiveAll();
    }
    try (Peer client = TlsPeer.connect(port)) {
      serveEcho(connections.expectNext());
      client.send(HELLO.toArray());
      assertEquals(HELLO, ByteString.fromArray(client.receive(HELLO.length())));
    }
    connections.cancel();
  }

  @Test
  void anAddressWhosePeersChooseNeedsTheOtherSide() {
    assertThrows(
        IllegalArgumentException.class,
        () -> relays.connectors().listen("SOCKS-SERVER:0,bind=127.0.0.1,fork"));
    assertThrows(IllegalArgumentException.class, () -> relays.connectors().flow("TARGET"));
  }

  private TestSubscriber.Probe<Connectors.Connection> listen(int port) {
    return listen("TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,backlog=64");
  }

  private TestSubscriber.Probe<Connectors.Connection> listen(String address) {
    return relays
        .connectors()
        .listen(address)
        .toMat(TestSink.<Connectors.Connection>create(relays.system()), Keep.right())
        .run(relays.system());
  }

  private void serveEcho(Connectors.Connection connection) {
    connection.flow().joinMat(Flow.of(ByteString.class), Keep.left()).run(relays.system());
  }

  /** Sends a question as soon as somebody listens; the answer at its end. */
  private CompletionStage<String> ask(int port, String question) {
    return Source.single(ByteString.fromString(question))
        .via(relays.connectors().flow("TCP:127.0.0.1:" + port + ",forever,interval=0.02"))
        .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), relays.system())
        .thenApply(ByteString::utf8String);
  }
}
