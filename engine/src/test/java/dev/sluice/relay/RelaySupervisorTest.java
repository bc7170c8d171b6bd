package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.typed.ActorRef;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.RestartPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a relay opens its addresses, tries again, begins again, and is stopped. */
@Timeout(60)
class RelaySupervisorTest extends RelaySupervisorFixture {
  private static OpenFailure refused() {
    return OpenFailure.retryable("refused");
  }

  @Test
  void relaysWhatItOpensThenEnds() throws InterruptedException {
    relay("LEFT");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    SocketPeer server = openRight();
    assertRelays(client, server);
    client.close();
    assertEquals("", server.receive());
    server.close();
    assertEquals(Outcome.OK, outcome());
    assertTrue(client.isClosedByRelay());
    assertTrue(server.isClosedByRelay());
  }

  @Test
  void triesAgainAfterTheInterval() throws InterruptedException {
    relay("LEFT,retry=2,interval=5");
    ScriptedAddress.Attempt first = left.next();
    assertEquals(0, first.context().attempt());
    assertFalse(first.context().lastAttempt());
    first.fail(refused());
    time.timePasses(Duration.ofMillis(4999));
    assertTrue(left.isQuiet());
    time.timePasses(Duration.ofMillis(1));
    ScriptedAddress.Attempt second = left.next();
    assertEquals(1, second.context().attempt());
    assertFalse(second.context().lastAttempt());
    second.fail(refused());
    time.timePasses(Duration.ofSeconds(5));
    ScriptedAddress.Attempt third = left.next();
    assertTrue(third.context().lastAttempt());
    SocketPeer client = new SocketPeer();
    third.succeed(client.endpoint());
    assertRelays(client, openRight());
    assertFalse(hasEnded());
  }

  @Test
  void endsWhenTheLastRetryFails() throws InterruptedException {
    relay("LEFT,retry=2,interval=1");
    for (int i = 0; i < 3; i++) {
      left.next().fail(refused());
      time.timePasses(Duration.ofSeconds(1));
    }
    assertEquals(Outcome.FAILED, outcome());
    assertTrue(left.isQuiet());
    assertTrue(right.isQuiet());
  }

  @Test
  void endsWithoutRetryAtTheFirstFailure() throws InterruptedException {
    relay("LEFT");
    left.next().fail(refused());
    assertEquals(Outcome.FAILED, outcome());
  }

  @Test
  void doesNotRetryWhatWouldFailInTheSameWay() throws InterruptedException {
    relay("LEFT,forever");
    left.next().fail(OpenFailure.lasting("no such thing"));
    assertEquals(Outcome.FAILED, outcome());
  }

  @Test
  void endsWith255WhenTheFailureWasReportedBefore() throws InterruptedException {
    relay("LEFT");
    left.next().fail(OpenFailure.reported("address in use"));
    assertEquals(255, outcome().status());
  }

  @Test
  void foreverDoesNotTire() {
    relay("LEFT,forever,interval=0.1");
    for (int i = 0; i < 30; i++) {
      left.next().fail(refused());
      time.timePasses(Duration.ofMillis(100));
    }
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    assertRelays(client, openRight());
  }

  @Test
  void backsOffWithinItsBounds() {
    relay("LEFT,forever,interval=1,backoff=8");
    for (int attempt = 0; attempt < 8; attempt++) {
      left.next().fail(refused());
      Duration longest = Duration.ofSeconds(Math.min(8, 1L << attempt));
      Duration shortest = longest.multipliedBy(3).dividedBy(4);
      time.timePasses(shortest.minusMillis(20));
      assertTrue(left.isQuiet(), "after attempt " + attempt);
      time.timePasses(longest.minus(shortest).plusMillis(40));
    }
  }

  @Test
  void retriesTheRightAddressToo() throws InterruptedException {
    relay("LEFT", "RIGHT,retry=1,interval=3");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    right.next().fail(refused());
    time.timePasses(Duration.ofSeconds(3));
    right.next().fail(refused());
    assertEquals(Outcome.FAILED, outcome());
    assertTrue(client.isClosedByRelay());
  }

  @Test
  void triesNoMoreOnceStopped() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT,forever,interval=1");
    left.next().fail(refused());
    relay.tell(RelayCommand.Stop.NOW);
    outcome();
    time.timePasses(Duration.ofSeconds(10));
    assertTrue(left.isQuiet(), "an attempt after the end");
  }

  @Test
  void closesWhatOpensAfterItWasStopped() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT");
    ScriptedAddress.Attempt slow = left.next();
    relay.tell(RelayCommand.Stop.NOW);
    SocketPeer late = new SocketPeer();
    eventually(
        () -> {
          time.timePasses(Duration.ofSeconds(1));
          assertTrue(hasEnded(), "the end waits for an address that does not open");
        });
    slow.succeed(late.endpoint());
    eventually(() -> assertTrue(late.isClosedByRelay(), "the endpoint stays open"));
    outcome();
  }

  @Test
  void closesTheRightAddressThatOpensAfterItWasStopped() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    ScriptedAddress.Attempt slow = right.next();
    relay.tell(RelayCommand.Stop.NOW);
    eventually(
        () -> {
          time.timePasses(Duration.ofSeconds(1));
          assertTrue(client.isClosedByRelay());
        });
    SocketPeer late = new SocketPeer();
    slow.succeed(late.endpoint());
    eventually(() -> assertTrue(late.isClosedByRelay(), "the endpoint stays open"));
    outcome();
  }

  @Test
  void aStopEndsTheWaitForALock(@TempDir Path folder) throws Exception {
    Path lock = Files.writeString(folder.resolve("lock"), "somebody");
    ActorRef<RelayCommand> relay = relay("LEFT,fork,waitlock=" + lock);
    time.timePasses(Duration.ofSeconds(1));
    relay.tell(RelayCommand.Stop.NOW);
    assertEquals(Outcome.OK, outcome());
    Files.delete(lock);
    time.timePasses(Duration.ofSeconds(5));
    assertFalse(Files.exists(lock), "nobody wants the lock any more");
    assertTrue(left.isQuiet());
  }

  @Test
  void aLockIsWaitedFor(@TempDir Path folder) throws Exception {
    Path lock = Files.writeString(folder.resolve("lock"), "somebody");
    relay("LEFT,fork,waitlock=" + lock);
    Files.delete(lock);
    eventually(
        () -> {
          time.timePasses(Duration.ofSeconds(1));
          assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(lock));
        });
    left.next().fail(refused());
  }

  @Test
  void whatIsStillBeingOpenedIsClosedBeforeTheEndIsTold(@TempDir Path folder) throws Exception {
    Path lock = folder.resolve("lock");
    ActorRef<RelayCommand> relay = relay("LEFT,fork,lockfile=" + lock);
    ScriptedListener listener = new ScriptedListener();
    ScriptedAddress.Attempt attempt = left.next();
    relay.tell(RelayCommand.Stop.NOW);
    attempt.succeed(listener);
    outcome();
    assertTrue(listener.isClosed());
    assertFalse(Files.exists(lock), "the lock file is still there");
  }

  @Test
  void sessionsGoOnWhenADrainGivesUpWhatIsStillBeingOpened() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT,fork,interval=1");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    SocketPeer server = openRight();
    assertRelays(client, server);
    time.timePasses(Duration.ofSeconds(1));
    ScriptedAddress.Attempt pending = left.next();
    relay.tell(RelayCommand.Drain.NOW);
    eventually(() -> assertTrue(pending.context().abandoned().isDone()));
    time.timePasses(Duration.ofSeconds(1));
    assertRelays(client, server);
    assertFalse(hasEnded());
    SocketPeer late = new SocketPeer();
    pending.succeed(late.endpoint());
    eventually(() -> assertTrue(late.isClosedByRelay()));
    client.close();
    server.close();
    outcome();
  }

  @Test
  void aStopEndsTheWaitForTheNextAttempt() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT,retry=2,interval=5");
    left.next().fail(refused());
    relay.tell(RelayCommand.Stop.NOW);
    assertEquals(Outcome.OK, outcome());
  }

  @Test
  void beginsAgainWithinItsBudget() throws InterruptedException {
    relay("LEFT,restart=on-failure:2/3600,interval=5");
    for (int i = 0; i < 2; i++) {
      left.next().fail(refused());
      assertEquals(Outcome.FAILED, next(RelayEvent.Restarting.class).after());
      time.timePasses(Duration.ofMillis(4999));
      assertTrue(left.isQuiet(), "after end " + i);
      time.timePasses(Duration.ofMillis(1));
    }
    left.next().fail(refused());
    assertEquals(Outcome.FAILED, outcome());
    time.timePasses(Duration.ofHours(1));
    assertTrue(left.isQuiet());
  }

  @Test
  void beginsAgainAsItsSettingsSay() throws InterruptedException {
    RelaySettings settings =
        RelaySettings.DEFAULT.toBuilder().restart(RestartPolicy.always()).build();
    kit.spawn(
        RelaySupervisor.relay(
            address("LEFT,interval=5"),
            address("RIGHT"),
            settings,
            runtime,
            RelayLog.ofProcess(),
            events::add));
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    SocketPeer server = openRight();
    assertRelays(client, server);
    client.close();
    server.close();
    next(RelayEvent.Restarting.class);
    time.timePasses(Duration.ofSeconds(5));
    left.next();
  }

  @Test
  void doesNotBeginAgainAfterAGoodEndUnlessAlways() throws InterruptedException {
    relay("LEFT,restart=on-failure");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    SocketPeer server = openRight();
    assertRelays(client, server);
    client.close();
    server.close();
    assertEquals(Outcome.OK, outcome());
  }

  @Test
  void isStoppedWhileItWaitsToBeginAgain() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT,restart=always,interval=3600");
    left.next().fail(refused());
    next(RelayEvent.Restarting.class);
    relay.tell(RelayCommand.Stop.NOW);
    outcome();
    time.timePasses(Duration.ofHours(2));
    assertTrue(left.isQuiet());
  }
}
