package dev.sluice.fleet.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.sluice.fleet.run.FleetProtocol.Shutdown;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a fleet allows its clients and their sessions. */
@Timeout(120)
class FleetSessionLimitsTest extends FleetSupervisorFixture {
  @Test
  void limitsAreChangedInPlace() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      apply(relay("web", port, right, ", max-sessions = 1"));
      next(FleetEvent.Bound.class);
      try (Socket one = connect(port);
          Socket two = connect(port)) {
        assertEquals("a", first(one));
        assertEquals(1, sessions("web").size());
        assertEquals(
            "~1 soft =0", apply(relay("web", port, right, ", max-sessions = 2")).summary());
        assertEquals("a", first(two));
        echoes(one);
      }
    }
  }

  @Test
  void theEndWaitsForSessionsUpToTheirDeadline() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      apply(relay("web", port, right, ", drain = 200ms"));
      next(FleetEvent.Bound.class);
      TestProbe<Void> watcher = kit.createTestProbe();
      try (Socket one = connect(port)) {
        assertEquals("a", first(one));
        fleet.tell(Shutdown.DRAIN);
        assertEquals(-1, one.getInputStream().read());
      }
      watcher.expectTerminated(fleet, PATIENCE);
    }
  }

  @Test
  void aClientHasOnlySoManySessions() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      apply(relay("web", port, right, ", limits { sessions-per-client = 2 }"));
      next(FleetEvent.Bound.class);
      try (Socket one = connect(port);
          Socket two = connect(port);
          Socket three = connect(port)) {
        assertEquals("a", first(one));
        assertEquals("a", first(two));
        assertEquals(-1, three.getInputStream().read());
        assertTrue(next(FleetEvent.Said.class).text().contains("as many sessions as it may"));
        one.shutdownOutput();
        assertEquals(-1, one.getInputStream().read());
        awaitStatus("web", now -> now.sums().active() == 1);
        try (Socket four = connect(port)) {
          assertEquals("a", first(four));
        }
        assertEquals(
            "~1 soft =0", apply(relay("web", port, right, "")).summary().replace("limits", ""));
        try (Socket five = connect(port);
            Socket six = connect(port)) {
          assertEquals("a", first(five));
          assertEquals("a", first(six));
          echoes(two);
        }
      }
      assertEquals(3, a.accepted() - 2);
    }
  }

  @Test
  void newSessionsComeNoFasterThanAllowedAndNoneIsLost() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      apply(
          relay(
              "web",
              port,
              "TCP:127.0.0.1:" + a.port(),
              ", limits { new-sessions-per-second = 5 }"));
      next(FleetEvent.Bound.class);
      long began = System.nanoTime();
      List<Socket> sockets = new java.util.ArrayList<>();
      for (int i = 0; i < 15; i++) {
        sockets.add(connect(port));
      }
      for (Socket socket : sockets) {
        assertEquals("a", first(socket));
        socket.close();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertTrue(took.compareTo(Duration.ofMillis(1900)) > 0, took::toString); // 5 at once, then 10
    }
  }

  @Test
  void sessionsEndWhenTheyAreIdleOrHaveHadTheirTime() throws Exception {
    try (TestServer a = TestServer.serving(greeting("a"))) {
      int port = freePort();
      int other = freePort();
      String right = "TCP:127.0.0.1:" + a.port();
      apply(
          relay("web", port, right, ", limits { idle = 300ms }")
              + "\n"
              + relay("slow", other, right, ", limits { total = 1500ms }"));
      next(FleetEvent.Bound.class);
      next(FleetEvent.Bound.class);
      try (Socket idle = connect(port);
          Socket busy = connect(other)) {
        assertEquals("a", first(idle));
        assertEquals("a", first(busy));
        assertEquals(-1, idle.getInputStream().read());
        long began = System.nanoTime();
        busy.setSoTimeout(50);
        int read = 0;
        while (read != -1) {
          try {
            busy.getOutputStream().write('x');
            read = busy.getInputStream().read();
          } catch (java.net.SocketTimeoutException e) {
            read = 0;
          } catch (IOException e) {
            read = -1;
          }
          assertTrue(System.nanoTime() - began < PATIENCE.toNanos());
        }
      }
    }
  }
}
