package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Sink;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.testkit.LateServer;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.ResetAfter;
import dev.sluice.testkit.Service;
import dev.sluice.testkit.TestClient;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays from Java: what they tell, and how they end. */
class RelayFromJavaTest extends RelayFromJavaFixture {
  @Test
  void tellsWhereItListens() {
    RelayHandle relay = relays.start(LISTEN, "PIPE");
    InetSocketAddress address = (InetSocketAddress) RelayExtension.await(relay.boundAddress());
    assertEquals("127.0.0.1", address.getHostString());
    try (TestClient client = relays.connect(relay)) {
      assertEquals("echo", client.send("echo").endOutput().receiveAll());
    }
  }

  @Test
  void oneRelayCanBeStartedMoreThanOnce() {
    Relay relay = Relay.between(LISTEN, "PIPE");
    assertNotEquals(relays.port(relays.start(relay)), relays.port(relays.start(relay)));
  }

  @Test
  void namesEveryMistakeInItsAddresses() {
    IllegalArgumentException mistakes =
        assertThrows(
            IllegalArgumentException.class,
            () -> Relay.between("NOSUCH:1", "TCP:localhost:1,nosuch"));
    String text = String.valueOf(mistakes.getMessage());
    assertTrue(text.contains("NOSUCH") && text.contains("nosuch"), text);
  }

  @Test
  void tellsOfSessionsAndTheirBytes() {
    RelayHandle relay = relays.start(LISTEN, "PIPE");
    relays.port(relay);
    TestProbe<RelayEvent> events = relays.events(relay);
    events.expectMessageClass(RelayEvent.Listening.class, RelayExtension.PATIENCE);
    try (TestClient client = relays.connect(relay)) {
      assertEquals("seven b", client.send("seven b").receive(7));
      RelayEvent.SessionStarted begun =
          events.expectMessageClass(RelayEvent.SessionStarted.class, RelayExtension.PATIENCE);
      assertEquals(Set.of(begun.session()), relay.sessions());
      events.expectMessage(
          RelayExtension.PATIENCE,
          new RelayEvent.TransferStarted(
              begun.session(), Optional.of("copy"), Optional.of("copy")));
      client.endOutput();
      events.expectMessage(
          RelayExtension.PATIENCE, new RelayEvent.SessionEnded(begun.session(), Outcome.OK, 7, 7));
      assertEquals(Set.of(), relay.sessions());
    }
    RelayExtension.await(relay.stop());
    events.expectMessage(RelayExtension.PATIENCE, new RelayEvent.Ended(Outcome.OK));
  }

  @Test
  void eventsOfARelayThatHasEndedAreItsEnd() {
    RelayHandle relay = relays.start("TEXT:x", "OPEN:" + folder.resolve("out") + ",creat");
    RelayExtension.await(relay.ended());
    assertEquals(
        List.of(new RelayEvent.Ended(Outcome.OK)),
        RelayExtension.await(relay.events().runWith(Sink.seq(), relays.system())));
  }

  @Test
  void aRelayThatNeverListensFailsItsBoundAddress() {
    RelayHandle relay = relays.start("TCP:127.0.0.1:1", "PIPE");
    assertEquals(1, RelayExtension.await(relay.ended()).status());
    assertInstanceOf(OpenFailure.class, RelayExtension.await(relay.ended()).cause().orElseThrow());
    assertThrows(OpenFailure.class, () -> RelayExtension.await(relay.boundAddress()));
  }

  @Test
  void tellsWhereItWaitsForItsOnlyPeer() {
    RelayHandle relay = relays.start("TCP-LISTEN:0,bind=127.0.0.1", "PIPE");
    try (TestClient client = relays.connect(relay)) {
      assertEquals("echo", client.send("echo").endOutput().receiveAll());
    }
    assertEquals(Outcome.OK, RelayExtension.await(relay.ended()));
  }

  @Test
  void tellsWhoConnected() {
    RelayHandle relay = relays.start(LISTEN, "PIPE");
    TestProbe<RelayEvent> events = relays.events(relay);
    events.expectMessageClass(RelayEvent.Listening.class, RelayExtension.PATIENCE);
    try (TestClient client = relays.connect(relay)) {
      RelayEvent.SessionStarted begun =
          events.expectMessageClass(RelayEvent.SessionStarted.class, RelayExtension.PATIENCE);
      assertEquals(Optional.of(client.localAddress()), begun.peer());
      assertEquals(Optional.of(RelayExtension.await(relay.boundAddress())), begun.local());
    }
  }

  @Test
  void tellsOfAttemptsThatFail() {
    RelayHandle relay = relays.start("TCP:127.0.0.1:1,retry=1,interval=0.01", "PIPE");
    TestProbe<RelayEvent> events = relays.events(relay);
    RelayEvent.Retrying retrying =
        events.expectMessageClass(RelayEvent.Retrying.class, RelayExtension.PATIENCE);
    assertEquals(1, retrying.attempt());
    assertInstanceOf(OpenFailure.class, retrying.cause());
  }

  @Test
  void aWatcherThatThrowsHurtsOnlyItself() {
    Relay relay =
        Relay.between(LISTEN, "PIPE")
            .watchedBy(
                event -> {
                  throw new IllegalStateException("on purpose");
                });
    RelayHandle handle = relay.start(relays.system());
    try (TestClient client = relays.connect(handle)) {
      assertEquals("echo", client.send("echo").endOutput().receiveAll());
    }
    assertEquals(Outcome.OK, RelayExtension.await(handle.stop()));
  }

  @Test
  void eventsBeginWithWhatHolds() {
    RelayHandle relay = relays.start(LISTEN, "PIPE");
    try (TestClient client = relays.connect(relay)) {
      client.send("a").receive(1);
      TestProbe<RelayEvent> events = relays.testKit().createTestProbe(RelayEvent.class);
      relay.events().runForeach(event -> events.ref().tell(event), relays.system());
      events.expectMessageClass(RelayEvent.Listening.class, RelayExtension.PATIENCE);
      events.expectMessageClass(RelayEvent.SessionStarted.class, RelayExtension.PATIENCE);
      events.expectMessageClass(RelayEvent.TransferStarted.class, RelayExtension.PATIENCE);
      client.endOutput();
      events.expectMessageClass(RelayEvent.SessionEnded.class, RelayExtension.PATIENCE);
    }
  }

  @Test
  void drainLetsSessionsEndByThemselves() {
    RelayHandle relay = relays.start(LISTEN, "PIPE");
    int port = relays.port(relay);
    try (TestClient client = TestClient.connect(port)) {
      client.send("a").receive(1);
      relay.drain();
      assertEquals("b", client.send("b").receive(1));
      assertTrue(!relay.ended().toCompletableFuture().isDone());
      awaitRefusal(port);
      client.endOutput();
      assertEquals("", client.receiveAll());
    }
    assertEquals(Outcome.OK, RelayExtension.await(relay.ended()));
  }

  @Test
  void stopEndsSessions() {
    RelayHandle relay = relays.start(LISTEN, "PIPE");
    try (TestClient client = relays.connect(relay)) {
      client.send("a").receive(1);
      RelayExtension.await(relay.stop());
      assertEquals("", client.receiveAll());
    }
    assertEquals(Set.of(), relay.sessions());
  }

  @Test
  void stopIsNotTooEarlyWhileItOpens() {
    try (LateServer server = new LateServer(Service.echo())) {
      RelayHandle relay = relays.start(server.address() + ",forever,interval=3600", "PIPE");
      RelayExtension.await(relay.stop());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stopClosesAListenerThatWaitsForItsPeer(boolean isLeft) throws IOException {
    int port = freePort();
    Path lock = folder.resolve("lock");
    String listener = "TCP-LISTEN:" + port + ",bind=127.0.0.1,lockfile=" + lock;
    RelayHandle relay = isLeft ? relays.start(listener, "PIPE") : relays.start("PIPE", listener);
    eventually(
        () ->
            assertThrows(
                BindException.class,
                () -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close()));
    assertTrue(Files.exists(lock));

    RelayExtension.await(relay.stop());

    eventually(() -> bind(port));
    eventually(() -> assertFalse(Files.exists(lock)));
  }

  @Test
  void oneSessionsFailureLeavesTheOthersAlone() {
    try (TestServer server = TestServer.serving(new ResetAfter(1))) {
      RelayHandle relay = relays.start(LISTEN + ",max-children=5", server.address());
      relays.port(relay);
      TestProbe<RelayEvent> events = relays.events(relay);
      events.expectMessageClass(RelayEvent.Listening.class, RelayExtension.PATIENCE);
      try (TestClient first = relays.connect(relay);
          TestClient second = relays.connect(relay)) {
        next(events, RelayEvent.TransferStarted.class);
        next(events, RelayEvent.TransferStarted.class);
        first.send("x");
        assertEquals(Outcome.FAILED, next(events, RelayEvent.SessionEnded.class).outcome());
        assertEquals(1, relay.sessions().size());
        second.send("y");
        assertEquals(1, next(events, RelayEvent.SessionEnded.class).leftToRight());
      }
    }
  }

  /** The next event of that kind; others are passed over. */
  private static <T extends RelayEvent> T next(TestProbe<RelayEvent> events, Class<T> kind) {
    while (true) {
      RelayEvent event = events.receiveMessage(RelayExtension.PATIENCE);
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void eventually(Runnable assertion) {
    relays
        .testKit()
        .createTestProbe()
        .awaitAssert(
            RelayExtension.PATIENCE,
            () -> {
              assertion.run();
              return true;
            });
  }

  /** A listener that drains is closed on a thread of its own. */
  private void awaitRefusal(int port) {
    relays
        .testKit()
        .createTestProbe()
        .awaitAssert(
            RelayExtension.PATIENCE,
            () ->
                assertThrows(
                    UncheckedIOException.class,
                    () -> {
                      try (TestClient probe = TestClient.connect(port)) {
                        probe.receive(0);
                      }
                    }));
  }
}
