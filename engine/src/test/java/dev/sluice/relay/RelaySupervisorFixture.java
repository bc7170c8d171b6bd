package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.log.RelayLog;
import dev.sluice.spec.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A relay between two addresses that the test opens and fails as it likes, in manual time. */
@Timeout(60)
abstract class RelaySupervisorFixture {
  static final long PATIENCE_SECONDS = 10;

  final ActorTestKit kit =
      ActorTestKit.create(ManualTime.config().withFallback(RelaySystem.config()));

  final ManualTime time = ManualTime.get(kit.system());

  final RelayRuntime runtime = new RelayRuntime(kit.system(), 8192, 1);

  final ScriptedAddress left = new ScriptedAddress("LEFT");

  final ScriptedAddress right = new ScriptedAddress("RIGHT");

  final Catalog catalog = new Catalog(List.of(left, right));

  final LinkedBlockingQueue<RelayEvent> events = new LinkedBlockingQueue<>();

  final TestProbe<Void> probe = kit.createTestProbe();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
    runtime.close();
  }

  AddressPair address(String text) {
    Problems problems = new Problems();
    return Objects.requireNonNull(catalog.read(text, true, problems), problems::toString);
  }

  ActorRef<RelayCommand> relay(String leftText) {
    return relay(leftText, "RIGHT");
  }

  ActorRef<RelayCommand> relay(String leftText, String rightText) {
    return kit.spawn(
        RelaySupervisor.relay(
            address(leftText),
            address(rightText),
            RelaySettings.DEFAULT,
            runtime,
            RelayLog.ofProcess(),
            events::add));
  }

  Outcome outcome() throws InterruptedException {
    return next(RelayEvent.Ended.class).outcome();
  }

  /** The next event of that kind; others are passed over. */
  <T extends RelayEvent> T next(Class<T> kind) throws InterruptedException {
    while (true) {
      RelayEvent event =
          Objects.requireNonNull(
              events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "no " + kind);
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  boolean hasEnded() {
    return events.stream().anyMatch(RelayEvent.Ended.class::isInstance);
  }

  void eventually(org.junit.jupiter.api.function.Executable check) {
    probe.awaitAssert(
        Duration.ofSeconds(PATIENCE_SECONDS),
        Duration.ofMillis(10),
        () -> {
          try {
            check.execute();
          } catch (AssertionError e) {
            throw e;
          } catch (Throwable e) {
            throw new AssertionError(e);
          }
          return null;
        });
  }

  /** Opens the right address of the next session. */
  SocketPeer openRight() {
    SocketPeer peer = new SocketPeer();
    right.next().succeed(peer.endpoint());
    return peer;
  }

  static void assertRelays(SocketPeer from, SocketPeer to) {
    from.send("ping");
    assertEquals("ping", to.receive());
    to.send("pong");
    assertEquals("pong", from.receive());
  }

  static String file(int number) throws IOException {
    Path link = Path.of("/proc/self/fd/" + number);
    return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "";
  }
}
