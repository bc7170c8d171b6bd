package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.spec.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session whose right address is being opened before it begins. */
@Timeout(60)
class SessionGreetingTest {
  private final ActorTestKit kit = ActorTestKit.create(RelaySystem.config());
  private final RelayRuntime runtime = new RelayRuntime(kit.system(), 8192, 1);
  private final TestProbe<RelayCommand> supervisor = kit.createTestProbe();
  private final Opening opening = new Opening();
  private final SupervisorCommand.SessionEnded end = new SupervisorCommand.SessionEnded(1);

  @AfterEach
  void end() {
    kit.shutdownTestKit();
    runtime.close();
  }

  /** Can't be waited for at first, which stands for any exception before a session has begun. */
  private static final class Unwaitable extends CompletableFuture<Opened> {
    private boolean hasThrown;

    @Override
    public CompletableFuture<Opened> whenComplete(
        BiConsumer<? super Opened, ? super Throwable> action) {
      if (!hasThrown) {
        hasThrown = true;
        throw new IllegalStateException("thrown by the test");
      }
      return super.whenComplete(action);
    }
  }

  private SessionPlan plan(SocketPeer client) {
    Catalog catalog = new Catalog(List.of(new ScriptedAddress("RIGHT")));
    Problems problems = new Problems();
    AddressPair right =
        Objects.requireNonNull(catalog.read("RIGHT", true, problems), problems::toString);
    ChildSlots slots = new ChildSlots(0, 1000);
    assertTrue(slots.tryEnter());
    return new SessionPlan(
        new SessionHome(runtime, slots, false, supervisor.getRef()),
        RelaySettings.DEFAULT,
        client.endpoint(),
        new SessionPlan.Right.ToOpen(right),
        ProcessScope.NONE,
        runtime.nextPoller(),
        Turn.NONE,
        RelayLog.ofProcess(),
        Duration.ZERO,
        end);
  }

  @Test
  void whatOpensAfterItHasFailedIsClosed() {
    try (SocketPeer client = new SocketPeer();
        SocketPeer server = new SocketPeer()) {
      CompletableFuture<Opened> result = new Unwaitable();
      opening.begin(result);
      ActorRef<SessionCommand> session = kit.spawn(RelaySession.create(plan(client), opening));
      supervisor.expectTerminated(session);
      assertTrue(end.result().outcome().error());
      assertTrue(client.isClosedByRelay());
      assertTrue(opening.isAbandoned(), "it is tried no further");
      result.complete(server.endpoint());
      assertTrue(server.isClosedByRelay());
    }
  }
}
