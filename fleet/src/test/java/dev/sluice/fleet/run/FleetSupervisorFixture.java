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
import dev.sluice.fleet.run.FleetProtocol.GetSessions;
import dev.sluice.fleet.run.FleetProtocol.GetStatus;
import dev.sluice.fleet.run.FleetProtocol.Sessions;
import dev.sluice.relay.RelayRuntime;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.RelaySystem;
import dev.sluice.testkit.Service;
import java.io.IOException;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet that runs, and clients of its relays. */
@Timeout(120)
abstract class FleetSupervisorFixture {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  final ActorTestKit kit = ActorTestKit.create(RelaySystem.config());

  final Pools pools = new Pools((pool, text) -> {});

  final RelayReader relays =
      RelayReader.of(
          Catalog.load(),
          (words, problem) ->
              new RelayOptions.Said(
                  RelaySettings.DEFAULT.toBuilder().leftToRight(true).build(), true),
          pools);

  final LinkedBlockingQueue<FleetEvent> events = new LinkedBlockingQueue<>();

  final ActorRef<Command> fleet =
      kit.spawn(
          FleetSupervisor.create(
              relays, pools, RelayRuntime.of(kit.system()), events::add, new Gate()));

  final TestProbe<Applied> applied = kit.createTestProbe();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  FleetPlan apply(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("fleet.conf"), "sluice { " + text + " }");
    FleetReader.Result read = new FleetReader(relays, Map.of()).read(file);
    Fleet wanted = read.fleet().orElseThrow(() -> new AssertionError(read.problems()));
    fleet.tell(new Apply(wanted, file.toString(), Optional.empty(), applied.getRef()));
    return applied.receiveMessage(PATIENCE).plan().orElseThrow();
  }

  <E extends FleetEvent> E next(Class<E> kind) throws InterruptedException {
    while (true) {
      FleetEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertNotNull(event, () -> "no " + kind);
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  FleetStatus.RelayStatus status(String name) {
    TestProbe<FleetStatus> probe = kit.createTestProbe();
    fleet.tell(new GetStatus(probe.getRef()));
    return probe.receiveMessage(PATIENCE).relays().stream()
        .filter(relay -> relay.definition().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no relay " + name));
  }

  FleetStatus.RelayStatus awaitStatus(String name, Predicate<FleetStatus.RelayStatus> wanted) {
    TestProbe<Void> probe = kit.createTestProbe();
    return probe.awaitAssert(
        PATIENCE,
        () -> {
          FleetStatus.RelayStatus now = status(name);
          assertTrue(wanted.test(now), now::toString);
          return now;
        });
  }

  List<FleetProtocol.SessionStatus> sessions(String name) {
    TestProbe<Sessions> probe = kit.createTestProbe();
    fleet.tell(new GetSessions(List.of(name), probe.getRef()));
    return probe.receiveMessage(PATIENCE).byRelay().getOrDefault(name, List.of());
  }

  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  static String relay(String name, int port, String right, String more) {
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

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  static String first(Socket socket) throws IOException {
    byte[] answer = socket.getInputStream().readNBytes(1);
    return new String(answer, StandardCharsets.ISO_8859_1);
  }

  static Service greeting(String text) {
    return connection -> {
      connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      connection.getInputStream().transferTo(connection.getOutputStream());
    };
  }

  static void echoes(Socket socket) throws IOException {
    socket.getOutputStream().write('e');
    assertEquals("e", first(socket));
  }
}
