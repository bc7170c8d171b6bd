package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySettings;
import dev.sluice.testkit.HalfClose;
import dev.sluice.testkit.LateServer;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.ResetAfter;
import dev.sluice.testkit.Service;
import dev.sluice.testkit.SlowReader;
import dev.sluice.testkit.Stall;
import dev.sluice.testkit.TestClient;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Relays from Java between peers that fail, stall or come late. */
class FaultsFromJavaTest extends RelayFromJavaFixture {
  @Test
  void restartsOnFailureWithinItsBudget() {
    RelayHandle relay =
        relays.start("TCP:127.0.0.1:1,restart=on-failure:2/60,interval=0.05", "PIPE");
    TestProbe<RelayEvent> events = relays.events(relay);
    events.expectMessage(RelayExtension.PATIENCE, new RelayEvent.Restarting(Outcome.FAILED));
    events.expectMessage(RelayExtension.PATIENCE, new RelayEvent.Restarting(Outcome.FAILED));
    events.expectMessage(RelayExtension.PATIENCE, new RelayEvent.Ended(Outcome.FAILED));
  }

  @Test
  void findsALateServer() {
    try (LateServer server = new LateServer(Service.saying("at last".getBytes(US_ASCII)))) {
      Path out = folder.resolve("late");
      RelayHandle relay =
          relays.start(server.address() + ",forever,interval=0.05", "OPEN:" + out + ",creat");
      server.open();
      assertEquals(Outcome.OK, RelayExtension.await(relay.ended()));
      assertEquals("at last", read(out));
    }
  }

  @Test
  void aStalledServerHoldsNobodyElseUp() {
    Stall stall = new Stall(Service.echo());
    try (TestServer server = TestServer.serving(stall)) {
      RelayHandle stalled = relays.start(LISTEN, server.address());
      RelayHandle lively = relays.start(LISTEN, "PIPE");
      try (TestClient waiting = relays.connect(stalled);
          TestClient served = relays.connect(lively)) {
        waiting.send("later");
        assertEquals("now", served.send("now").receive(3));
        stall.end();
        assertEquals("later", waiting.receive(5));
      }
    }
  }

  @Test
  void aSlowReaderSlowsItsSourceDownAndGetsEveryByte() {
    SlowReader reader = new SlowReader();
    try (TestServer server = TestServer.serving(reader)) {
      RelayHandle relay =
          relays.start(
              Relay.between("OPEN:/dev/zero,readbytes=30000000", server.address()).with(oneWay()));
      reader.allow(100_000);
      TestProbe<RelayEvent> probe = relays.events(relay);
      probe.awaitAssert(
          RelayExtension.PATIENCE,
          () -> {
            assertEquals(100_000, reader.received());
            return true;
          });
      assertTrue(!relay.ended().toCompletableFuture().isDone(), "most of it is still to come");
      reader.allow(40_000_000);
      assertEquals(30_000_000, RelayExtension.await(reader.ended()));
      assertEquals(Outcome.OK, RelayExtension.await(relay.ended()));
    }
  }

  @Test
  void aHalfClosedServerStillGetsWhatIsSent() {
    HalfClose server = new HalfClose("bye".getBytes(US_ASCII));
    try (TestServer listening = TestServer.serving(server)) {
      RelayHandle relay = relays.start(LISTEN, listening.address());
      try (TestClient client = relays.connect(relay)) {
        assertEquals("bye", client.receiveAll());
        client.send("after your end").endOutput();
        assertEquals(
            "after your end", new String(RelayExtension.await(server.received()), US_ASCII));
      }
    }
  }

  @Test
  void aResetEndsTheOtherSide() {
    try (TestServer server = TestServer.serving(new ResetAfter(3))) {
      RelayHandle relay = relays.start(LISTEN, server.address());
      try (TestClient client = relays.connect(relay)) {
        assertEquals("", client.send("abc").receiveAll());
      }
    }
  }

  private static RelaySettings oneWay() {
    return RelaySettings.DEFAULT.toBuilder().rightToLeft(false).build();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
