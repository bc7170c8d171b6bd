package dev.sluice.fleet.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.run.FleetProtocol.Apply;
import dev.sluice.fleet.run.FleetProtocol.Do;
import dev.sluice.fleet.run.FleetProtocol.Done;
import dev.sluice.fleet.run.FleetProtocol.End;
import dev.sluice.fleet.run.FleetProtocol.GetStatus;
import dev.sluice.fleet.run.FleetProtocol.Verb;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a new file changes in a running fleet, and what it leaves alone. */
@Timeout(120)
class FleetSupervisorTest extends FleetSupervisorFixture {
  @Test
  void aChangedTargetTakesNewSessionsAndOldOnesGoOn() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"));
        TestServer b = TestServer.serving(greeting("b"))) {
      int port = freePort();
      apply(relay("web", port, "TCP:127.0.0.1:" + a.port(), ""));
      next(FleetEvent.Bound.class);
      try (Socket old = connect(port)) {
        assertEquals("a", first(old));
        assertEquals(
            "~1 target =0", apply(relay("web", port, "TCP:127.0.0.1:" + b.port(), "")).summary());
        try (Socket fresh = connect(port)) {
          assertEquals("b", first(fresh));
          echoes(old);
          assertEquals(2, sessions("web").size());
        }
        apply(relay("web", port, "TCP:127.0.0.1:" + a.port(), ", on-change = cut"));
        assertEquals(-1, old.getInputStream().read());
      }
      awaitStatus("web", now -> now.sums().active() == 0);
      assertEquals(2, status("web").sums().started());
    }
  }

  @Test
  void aChangedSourceListensFirstAndThenTheOldOneDrains() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int before = freePort();
      int after = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      apply(relay("web", before, right, ""));
      next(FleetEvent.Bound.class);
      try (Socket old = connect(before)) {
        assertEquals("a", first(old));
        assertEquals("~1 source =0", apply(relay("web", after, right, "")).summary());
        assertTrue(String.valueOf(next(FleetEvent.Bound.class).address()).endsWith(":" + after));
        try (Socket fresh = connect(after)) {
          assertEquals("a", first(fresh));
        }
        kit.<Void>createTestProbe()
            .awaitAssert(
                PATIENCE,
                () -> {
                  try (Socket refused = connect(before)) {
                    throw new AssertionError("still listens: " + refused);
                  } catch (ConnectException expected) {
                    return expected;
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
        echoes(old);
      }
    }
  }

  @Test
  void theSamePortIsTakenOver() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      apply(relay("web", port, right, ""));
      next(FleetEvent.Bound.class);
      try (Socket old = connect(port)) {
        assertEquals("a", first(old));
        String other = relay("web", port, right, "").replace(",fork", ",fork,backlog=3");
        assertEquals("~1 source =0", apply(other).summary());
        next(FleetEvent.Bound.class);
        try (Socket fresh = connect(port)) {
          assertEquals("a", first(fresh));
        }
        echoes(old);
        assertTrue(status("web").definition().left().contains("backlog=3"));
      }
    }
  }

  @Test
  void aSourceThatCannotBeBoundLeavesTheOldOne() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      String before = relay("web", port, right, "");
      apply(before);
      next(FleetEvent.Bound.class);
      apply(before.replace("bind=127.0.0.1", "bind=192.0.2.1"));
      FleetEvent.Kept kept = next(FleetEvent.Kept.class);
      assertTrue(kept.reason().contains("192.0.2.1"), kept.reason());
      try (Socket fresh = connect(port)) {
        assertEquals("a", first(fresh));
      }
      assertTrue(status("web").definition().left().contains("127.0.0.1"));
      assertEquals("=1", apply(before).summary());
    }
  }

  @Test
  void aBindThatFailsIsReportedTriedAgainAndTouchesNoOther() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int taken;
      try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        taken = holder.getLocalPort();
        int port = freePort();
        String right = "TCP:127.0.0.1:" + a.port();
        String retry = ", retry { interval = 50ms, backoff = 100ms }";
        apply(relay("taken", taken, right, retry) + "\n" + relay("free", port, right, ""));
        FleetEvent.Failed failed = next(FleetEvent.Failed.class);
        assertEquals("taken", failed.relay());
        assertTrue(failed.reason().contains("Address already in use"), failed.reason());
        FleetStatus.RelayStatus status = status("taken");
        assertTrue(status.isFailing() || status.state() == RelayState.STARTING, status::toString);
        try (Socket other = connect(port)) {
          assertEquals("a", first(other));
        }
      }
      awaitStatus("taken", now -> now.state() == RelayState.RUNNING);
      try (Socket now = connect(taken)) {
        assertEquals("a", first(now));
      }
    }
  }

  @Test
  void anUpstreamThatRefusesIsSeenWithItsReason() throws Exception {
    int port = freePort();
    int nobody = freePort();
    apply(relay("web", port, "TCP:127.0.0.1:" + nobody, ""));
    next(FleetEvent.Bound.class);
    assertEquals(FleetStatus.Upstream.UNKNOWN, status("web").sums().upstream());
    try (Socket client = connect(port)) {
      assertEquals(-1, client.getInputStream().read());
    }
    FleetStatus.RelayStatus status = awaitStatus("web", now -> now.sums().connectFailures() == 1);
    assertTrue(status.isFailing(), status::toString);
    assertTrue(String.valueOf(status.sums().lastError()).contains("Connection refused"));
    try (TestServer a = TestServer.serving(greeting("a"))) {
      apply(relay("web", port, "TCP:127.0.0.1:" + a.port(), ""));
      try (Socket client = connect(port)) {
        assertEquals("a", first(client));
        assertTrue(status("web").isReady());
      }
    }
  }

  @Test
  void stopStartDrainAndEnd() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      apply(relay("web", port, "TCP:127.0.0.1:" + a.port(), ""));
      next(FleetEvent.Bound.class);
      TestProbe<Done> done = kit.createTestProbe();
      try (Socket one = connect(port);
          Socket two = connect(port)) {
        assertEquals("a", first(one));
        assertEquals("a", first(two));
        FleetProtocol.SessionStatus session = sessions("web").get(0);
        assertTrue(
            session.connected() && session.peer().startsWith("127.0.0.1:"), session::toString);
        boolean first = session.peer().endsWith(":" + one.getLocalPort());
        fleet.tell(new End("web", session.number(), done.getRef()));
        assertEquals(List.of("web"), done.receiveMessage(PATIENCE).names());
        assertEquals(-1, (first ? one : two).getInputStream().read());
        echoes(first ? two : one);

        fleet.tell(new Do(Verb.DRAIN, List.of("web", "none"), done.getRef()));
        assertEquals(List.of("web"), done.receiveMessage(PATIENCE).names());
        assertEquals(RelayState.DRAINING, status("web").state());
        echoes(first ? two : one);
      }
      awaitStatus("web", now -> now.state() == RelayState.STOPPED);
      assertTrue(status("web").byHand());
      assertEquals("=1", apply(relay("web", port, "TCP:127.0.0.1:" + a.port(), "")).summary());
      assertEquals(RelayState.STOPPED, status("web").state());
      fleet.tell(new Do(Verb.START, List.of("web"), done.getRef()));
      next(FleetEvent.Bound.class);
      try (Socket again = connect(port)) {
        assertEquals("a", first(again));
        fleet.tell(new Do(Verb.STOP, List.of("web"), done.getRef()));
        assertEquals(-1, again.getInputStream().read());
      }
    }
  }

  @Test
  void aRelayThatEndsBeginsAgainAndARemovedOneDoesNot() throws Exception {
    Path log = folder.resolve("ran");
    String relay =
        "relays.tick { left = \"SYSTEM:'echo x'\", right = \"OPEN:"
            + log
            + ",creat,append\", options = \"-u\", retry { interval = 20ms, backoff = 20ms } }";
    apply(relay);
    awaitStatus("tick", now -> now.sums().restarts() >= 3);
    assertEquals("-1 =0", apply("").summary());
    TestProbe<FleetStatus> probe = kit.createTestProbe();
    kit.<Void>createTestProbe()
        .awaitAssert(
            PATIENCE,
            () -> {
              fleet.tell(new GetStatus(probe.getRef()));
              assertEquals(List.of(), probe.receiveMessage(PATIENCE).relays());
              return true;
            });
    assertEquals("+1 =0", apply(relay.replace("retry {", "retry { when = never, ")).summary());
    next(FleetEvent.Ended.class);
    assertEquals(RelayState.ENDED, status("tick").state());
  }

  @Test
  void anotherVersionThanThePlannedOneIsRefused() throws IOException {
    apply(relay("web", freePort(), "PIPE", ""));
    fleet.tell(new Apply(Fleet.EMPTY, "x", Optional.of(7L), applied.getRef()));
    assertEquals(Optional.empty(), applied.receiveMessage(PATIENCE).plan());
    fleet.tell(new Apply(Fleet.EMPTY, "x", Optional.of(1L), applied.getRef()));
    assertEquals(2, applied.receiveMessage(PATIENCE).version());
  }
}
