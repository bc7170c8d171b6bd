package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.typed.ActorRef;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sessions of a relay, and what they hold: places, locks, descriptors. */
@Timeout(60)
class RelaySupervisorSessionsTest extends RelaySupervisorFixture {
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
