package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.log.RelayLog;
import dev.sluice.option.RestartPolicy;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.spec.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor over addresses that do what the test says, in time that the test lets pass. */
@Timeout(60)
class RelaySupervisorTest {
  private static final long PATIENCE_SECONDS = 10;

  private final ActorTestKit kit =
      ActorTestKit.create(ManualTime.config().withFallback(RelaySystem.config()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final RelayRuntime runtime = new RelayRuntime(kit.system(), 8192, 1);
  private final ScriptedAddress left = new ScriptedAddress("LEFT");
  private final ScriptedAddress right = new ScriptedAddress("RIGHT");
  private final Catalog catalog = new Catalog(List.of(left, right));
  private final LinkedBlockingQueue<RelayEvent> events = new LinkedBlockingQueue<>();
  private final TestProbe<Void> probe = kit.createTestProbe();

  @AfterEach
  void end() {
    kit.shutdownTestKit();
    runtime.close();
  }

  private AddressPair address(String text) {
    Problems problems = new Problems();
    return Objects.requireNonNull(catalog.read(text, true, problems), problems::toString);
  }

  private ActorRef<RelayCommand> relay(String leftText) {
    return relay(leftText, "RIGHT");
  }

  private ActorRef<RelayCommand> relay(String leftText, String rightText) {
    return kit.spawn(
        RelaySupervisor.relay(
            address(leftText),
            address(rightText),
            RelaySettings.DEFAULT,
            runtime,
            RelayLog.ofProcess(),
            events::add));
  }

  private Outcome outcome() throws InterruptedException {
    return next(RelayEvent.Ended.class).outcome();
  }

  /** The next event of that kind; others are passed over. */
  private <T extends RelayEvent> T next(Class<T> kind) throws InterruptedException {
    while (true) {
      RelayEvent event =
          Objects.requireNonNull(
              events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "no " + kind);
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }

  private boolean hasEnded() {
    return events.stream().anyMatch(RelayEvent.Ended.class::isInstance);
  }

  private void eventually(org.junit.jupiter.api.function.Executable check) {
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

  private static OpenFailure refused() {
    return OpenFailure.retryable("refused");
  }

  /** Opens the right address of the next session. */
  private SocketPeer openRight() {
    SocketPeer peer = new SocketPeer();
    right.next().succeed(peer.endpoint());
    return peer;
  }

  private static void assertRelays(SocketPeer from, SocketPeer to) {
    from.send("ping");
    assertEquals("ping", to.receive());
    to.send("pong");
    assertEquals("pong", from.receive());
  }

  // --- opening

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

  // --- stopping

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
  void endsAHundredSessionsWhenStopped() throws InterruptedException {
    ActorRef<RelayCommand> relay = relay("LEFT,fork");
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    List<SocketPeer> peers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      peers.add(listener.connect());
      peers.add(openRight());
    }
    assertRelays(peers.get(0), peers.get(1));
    assertRelays(peers.get(198), peers.get(199));
    relay.tell(RelayCommand.Stop.NOW);
    assertEquals(Outcome.OK, outcome());
    assertTrue(listener.isClosed());
    for (SocketPeer peer : peers) {
      assertTrue(peer.isClosedByRelay());
    }
    probe.expectTerminated(relay, Duration.ofSeconds(PATIENCE_SECONDS));
  }

  // --- sessions

  @Test
  void oneSessionsFailureIsItsOwn() throws InterruptedException {
    relay("LEFT,fork");
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    SocketPeer first = listener.connect();
    SocketPeer firstServer = openRight();
    SocketPeer second = listener.connect();
    right.next().fail(OpenFailure.lasting("no such host"));
    assertEquals("", second.receive());
    assertRelays(first, firstServer);
    SocketPeer third = listener.connect();
    assertRelays(third, openRight());
    assertFalse(hasEnded());
  }

  /** An endpoint over which a session's actor stumbles. */
  private static Endpoint broken() {
    FdReader reader =
        new FdReader() {
          @Override
          public Fd fd() {
            throw new IllegalStateException("broken on purpose");
          }

          @Override
          public int read(long buffer, int length) {
            return 0;
          }
        };
    return Endpoint.reading(reader);
  }

  @Test
  void aSessionThatThrowsLeavesTheOthersAloneAndItsPlaceToTheNext() throws InterruptedException {
    relay("LEFT,fork,max-children=2");
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    SocketPeer first = listener.connect();
    SocketPeer firstServer = openRight();
    SocketPeer second = listener.connect();
    right.next().succeed(broken());
    assertEquals("", second.receive());
    assertRelays(first, firstServer);
    SocketPeer third = listener.connect();
    assertRelays(third, openRight());
    assertFalse(hasEnded());
  }

  @Test
  void aRelayWhoseSessionThrowsHasFailed() throws InterruptedException {
    relay("LEFT");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    right.next().succeed(broken());
    assertEquals(1, outcome().status());
    assertTrue(client.isClosedByRelay());
  }

  @Test
  void letsInNoMoreThanMaxChildren() {
    int limit = 3;
    relay("LEFT,fork,max-children=" + limit);
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    List<SocketPeer> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(listener.connect());
    }
    eventually(() -> assertEquals(20 - limit, listener.waiting()));
    List<SocketPeer> servers = new ArrayList<>();
    for (int served = 0; served < 20; served++) {
      servers.add(openRight());
      if (served >= limit - 1) {
        assertTrue(right.isQuiet() || served == 19, "a session too many");
        clients.get(served - limit + 1).close();
        servers.get(served - limit + 1).close();
      }
    }
    eventually(() -> assertEquals(0, listener.waiting()));
  }

  /** The one that is turned away had taken the last place when the next one asked. */
  @Test
  void thePlaceOfAClientThatIsTurnedAwayGoesToTheNext() {
    ActorRef<RelayCommand> relay = relay("LEFT,fork,max-children=2");
    relay.tell(new RelayCommand.LimitPeers(0, 1));
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    SocketPeer client = listener.connectFrom("192.0.2.1").get(0);
    assertRelays(client, openRight());
    List<SocketPeer> more = listener.connectFrom("192.0.2.1", "192.0.2.2");
    assertEquals("", more.get(0).receive());
    assertRelays(more.get(1), openRight());
  }

  @Test
  void waitsForAFreeDescriptor() throws InterruptedException {
    relay("LEFT,fork");
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    listener.fail(new NativeError("accept(5)", Errno.EMFILE));
    eventually(
        () -> {
          time.timePasses(Duration.ofMillis(50));
          assertTrue(listener.resumed() > 0);
        });
    SocketPeer client = listener.connect();
    assertRelays(client, openRight());
    assertFalse(listener.isClosed());
  }

  @Test
  void endsWhenTheListenerCannotGoOn() throws InterruptedException {
    relay("LEFT,fork");
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    SocketPeer client = listener.connect();
    SocketPeer server = openRight();
    listener.fail(new NativeError("accept(5)", Errno.EINVAL));
    assertEquals(Outcome.FAILED, outcome());
    assertTrue(client.isClosedByRelay());
    assertTrue(server.isClosedByRelay());
  }

  @Test
  void aSessionHasTheDataOptionsOfItsListener() {
    relay("LEFT,fork,crnl");
    ScriptedListener listener = new ScriptedListener();
    left.next().succeed(listener);
    SocketPeer client = listener.connect();
    SocketPeer server = openRight();
    client.send("a\r\n");
    assertEquals("a\n", server.receive());
    server.send("b\n");
    assertEquals("b\r\n", client.receive());
  }

  @Test
  void releasesTheLockWhenTheListenerCloses(@TempDir Path folder) throws Exception {
    Path lock = folder.resolve("lock");
    ActorRef<RelayCommand> relay = relay("LEFT,fork,lockfile=" + lock);
    left.next().succeed(new ScriptedListener());
    eventually(() -> assertTrue(Files.exists(lock)));
    relay.tell(RelayCommand.Stop.NOW);
    outcome();
    assertFalse(Files.exists(lock), "the lock file is still there");
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

  // --- beginning again

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

  // --- connecting addresses with fork

  @Test
  void connectsAgainAfterTheInterval() {
    relay("LEFT,fork,interval=7");
    SocketPeer first = new SocketPeer();
    left.next().succeed(first.endpoint());
    SocketPeer firstServer = openRight();
    assertRelays(first, firstServer);
    time.timePasses(Duration.ofMillis(6999));
    assertTrue(left.isQuiet());
    time.timePasses(Duration.ofMillis(1));
    SocketPeer second = new SocketPeer();
    left.next().succeed(second.endpoint());
    assertRelays(second, openRight());
  }

  @Test
  void connectsAgainAsSoonAsASessionEnded() {
    relay("LEFT,fork,interval=3600");
    SocketPeer first = new SocketPeer();
    left.next().succeed(first.endpoint());
    SocketPeer server = openRight();
    assertRelays(first, server);
    first.close();
    server.close();
    left.next();
  }

  @Test
  void connectsNoMoreThanMaxChildrenAtOnce() {
    relay("LEFT,fork,interval=1,max-children=1");
    SocketPeer first = new SocketPeer();
    left.next().succeed(first.endpoint());
    SocketPeer server = openRight();
    assertRelays(first, server);
    for (int i = 0; i < 5; i++) {
      time.timePasses(Duration.ofSeconds(1));
      assertTrue(left.isQuiet());
    }
    first.close();
    server.close();
    left.next();
  }

  // --- descriptors

  /** A reader whose next read(2) blocks, as that of a terminal does that several sessions read. */
  private static FdReader blocking(Fd fd, CountDownLatch reads) {
    return new FdReader() {
      @Override
      public Fd fd() {
        return fd;
      }

      @Override
      public int read(long buffer, int length) {
        reads.countDown();
        return LibC.read(fd.number(), buffer, length);
      }

      @Override
      public boolean hasBuffered() {
        return true;
      }
    };
  }

  private static String file(int number) throws IOException {
    Path link = Path.of("/proc/self/fd/" + number);
    return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString() : "";
  }

  @Test
  void keepsANumberTakenWhileABlockedThreadMayUseIt() throws Exception {
    ActorRef<RelayCommand> relay = relay("LEFT");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint());
    Fd[] pipe = LibC.pipe(0);
    CountDownLatch reads = new CountDownLatch(1);
    right.next().succeed(Endpoint.reading(blocking(pipe[0], reads)));
    assertTrue(reads.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    int number = client.endpoint().numbers().iterator().next();
    String socket = file(number);
    relay.tell(RelayCommand.Stop.NOW);
    eventually(
        () -> {
          time.timePasses(Duration.ofSeconds(1));
          assertTrue(client.isClosedByRelay());
        });
    next(RelayEvent.Ended.class);
    assertEquals("", client.receive());
    String standIn = file(number);
    assertTrue(standIn.startsWith("socket:"), standIn);
    assertNotEquals(socket, standIn);
    NativeBuffer line = NativeBuffer.of(new byte[] {'x'});
    LibC.check(LibC.write(pipe[1].number(), line, 0, 1), "write()");
    eventually(() -> assertNotEquals(standIn, file(number)));
    pipe[1].close();
    client.close();
  }

  @Test
  void endsASessionWhosePeerMayGoWithoutAWord() throws InterruptedException {
    Duration limit = Duration.ofMillis(50);
    relay("LEFT");
    SocketPeer client = new SocketPeer();
    left.next().succeed(client.endpoint().idleLimit(limit));
    assertRelays(client, openRight());
    eventually(
        () -> {
          time.timePasses(limit);
          assertTrue(client.isClosedByRelay());
        });
    assertEquals(Outcome.OK, outcome());
  }
}
