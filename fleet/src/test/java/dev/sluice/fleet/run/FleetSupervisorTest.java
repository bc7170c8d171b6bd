package dev.sluice.fleet.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.RelayOptions;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetProtocol.Applied;
import dev.sluice.fleet.run.FleetProtocol.Apply;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.Do;
import dev.sluice.fleet.run.FleetProtocol.Done;
import dev.sluice.fleet.run.FleetProtocol.End;
import dev.sluice.fleet.run.FleetProtocol.GetSessions;
import dev.sluice.fleet.run.FleetProtocol.GetStatus;
import dev.sluice.fleet.run.FleetProtocol.Sessions;
import dev.sluice.fleet.run.FleetProtocol.Shutdown;
import dev.sluice.fleet.run.FleetProtocol.Verb;
import dev.sluice.relay.RelayRuntime;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.RelaySystem;
import dev.sluice.testkit.Service;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor with real sockets: what a change touches, and what it leaves alone. */
@Timeout(120)
class FleetSupervisorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final ActorTestKit kit = ActorTestKit.create(RelaySystem.config());
  private final Pools pools = new Pools((pool, text) -> {});
  private final RelayReader relays =
      RelayReader.of(
          Catalog.load(),
          (words, problem) ->
              new RelayOptions.Said(
                  RelaySettings.DEFAULT.toBuilder().leftToRight(true).build(), true),
          pools);
  private final LinkedBlockingQueue<FleetEvent> events = new LinkedBlockingQueue<>();
  private final ActorRef<Command> fleet =
      kit.spawn(
          FleetSupervisor.create(
              relays, pools, RelayRuntime.of(kit.system()), events::add, new Gate()));
  private final TestProbe<Applied> applied = kit.createTestProbe();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private FleetPlan apply(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("fleet.conf"), "sluice { " + text + " }");
    FleetReader.Result read = new FleetReader(relays, Map.of()).read(file);
    Fleet wanted = read.fleet().orElseThrow(() -> new AssertionError(read.problems()));
    fleet.tell(new Apply(wanted, file.toString(), Optional.empty(), applied.getRef()));
    return applied.receiveMessage(PATIENCE).plan().orElseThrow();
  }

  private <E extends FleetEvent> E next(Class<E> kind) throws InterruptedException {
    while (true) {
      FleetEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertNotNull(event, () -> "no " + kind);
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  private FleetStatus.RelayStatus status(String name) {
    TestProbe<FleetStatus> probe = kit.createTestProbe();
    fleet.tell(new GetStatus(probe.getRef()));
    return probe.receiveMessage(PATIENCE).relays().stream()
        .filter(relay -> relay.definition().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no relay " + name));
  }

  private FleetStatus.RelayStatus awaitStatus(
      String name, Predicate<FleetStatus.RelayStatus> wanted) {
    TestProbe<Void> probe = kit.createTestProbe();
    return probe.awaitAssert(
        PATIENCE,
        () -> {
          FleetStatus.RelayStatus now = status(name);
          assertTrue(wanted.test(now), now::toString);
          return now;
        });
  }

  private List<FleetProtocol.SessionStatus> sessions(String name) {
    TestProbe<Sessions> probe = kit.createTestProbe();
    fleet.tell(new GetSessions(List.of(name), probe.getRef()));
    return probe.receiveMessage(PATIENCE).byRelay().getOrDefault(name, List.of());
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static String relay(String name, int port, String right, String more) {
    return "relays."
        + name
        + " { left = \"TCP-LISTEN:"
        + port
        + ",bind=127.0.0.1,reuseaddr,fork\", right = \""
        + right
        + "\""
        + more
        + " }";
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static String first(Socket socket) throws IOException {
    byte[] answer = socket.getInputStream().readNBytes(1);
    return new String(answer, StandardCharsets.ISO_8859_1);
  }

  private static Service greeting(String text) {
    return connection -> {
      connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      connection.getInputStream().transferTo(connection.getOutputStream());
    };
  }

  private static void echoes(Socket socket) throws IOException {
    socket.getOutputStream().write('e');
    assertEquals("e", first(socket));
  }

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
