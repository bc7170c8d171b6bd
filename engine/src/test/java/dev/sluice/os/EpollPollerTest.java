package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EpollPollerTest {
  private static final long SECONDS = 10;

  private final EpollPoller poller = EpollPoller.start("test-poller");
  private final Fd[] pair =
      LibC.socketpair(SocketAddressBytes.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK, 0);
  private final LinkedBlockingQueue<Integer> events = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    pair[0].close();
    pair[1].close();
    poller.close();
  }

  private int next() throws InterruptedException {
    return Objects.requireNonNull(events.poll(SECONDS, TimeUnit.SECONDS), "no event");
  }

  private void send() {
    assertEquals(1, LibC.write(pair[1].number(), NativeBuffer.allocate(1).address(), 1));
  }

  /** Everything that was ready has been reported once this returns. */
  private void settle() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      CountDownLatch done = new CountDownLatch(1);
      poller.execute(done::countDown);
      assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void reportsEdgesOnce() throws InterruptedException {
    poller.register(pair[0].number(), events::add);
    assertEquals(Poller.WRITABLE, next());
    settle();
    assertNull(events.poll());
    send();
    assertEquals(Poller.READABLE, next() & Poller.READABLE);
    settle();
    assertNull(events.poll(), "bytes that were not read are not reported again");
    send();
    assertEquals(Poller.READABLE, next() & Poller.READABLE);
  }

  @Test
  void reportsThatThePeerHungUp() throws InterruptedException {
    poller.register(pair[0].number(), events::add);
    assertEquals(Poller.WRITABLE, next());
    LibC.shutdown(pair[1].number(), LibC.SHUT_WR);
    assertEquals(Poller.READABLE | Poller.HANGUP, next() & (Poller.READABLE | Poller.HANGUP));
  }

  @Test
  void saysNothingAfterClose() throws InterruptedException {
    Poller.Registration registration = poller.register(pair[0].number(), events::add);
    assertEquals(Poller.WRITABLE, next());
    registration.close();
    registration.close();
    send();
    settle();
    assertNull(events.poll());
  }

  @Test
  void dropsEventsOfWhatWasClosedWhileTheyWerePending() throws Exception {
    Fd[] other =
        LibC.socketpair(SocketAddressBytes.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK, 0);
    CompletableFuture<Poller.Registration> second = new CompletableFuture<>();
    AtomicInteger reports = new AtomicInteger();
    CountDownLatch registered = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    // both become ready while the poller is kept busy, so both are fetched at once; whoever comes
    // first closes both
    CompletableFuture<Poller.Registration> first = new CompletableFuture<>();
    Poller.Handler closesBoth =
        ready -> {
          if (first.isDone() && second.isDone()) {
            reports.incrementAndGet();
            first.join().close();
            second.join().close();
            closed.countDown();
          }
        };
    CountDownLatch go = new CountDownLatch(1);
    poller.execute(
        () -> {
          registered.countDown();
          awaitQuietly(go);
        });
    assertTrue(registered.await(SECONDS, TimeUnit.SECONDS));
    first.complete(poller.register(pair[0].number(), closesBoth));
    second.complete(poller.register(other[0].number(), closesBoth));
    go.countDown();
    assertTrue(closed.await(SECONDS, TimeUnit.SECONDS));
    settle();
    assertEquals(1, reports.get());
    other[0].close();
    other[1].close();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void runsTasksInOrderOnItsThread() throws Exception {
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    CompletableFuture<Boolean> onThread = new CompletableFuture<>();
    poller.execute(
        () -> {
          poller.execute(() -> seen.add("later"));
          seen.add("first");
        });
    poller.execute(() -> onThread.complete(poller.isCurrent()));
    assertEquals("first", seen.poll(SECONDS, TimeUnit.SECONDS));
    assertEquals("later", seen.poll(SECONDS, TimeUnit.SECONDS));
    assertTrue(onThread.get(SECONDS, TimeUnit.SECONDS));
    assertFalse(poller.isCurrent());
  }

  @Test
  void runsEveryTaskOfManyThreads() throws InterruptedException {
    int threads = 4;
    int each = 5000;
    CountDownLatch done = new CountDownLatch(threads * each);
    for (int t = 0; t < threads; t++) {
      new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  poller.execute(done::countDown);
                }
              })
          .start();
    }
    assertTrue(done.await(SECONDS, TimeUnit.SECONDS), () -> done.getCount() + " tasks did not run");
  }

  @Test
  void refusesWhatCannotBePolled() {
    try (Fd file = LibC.open("/etc/passwd", OpenFlags.RDONLY, 0)) {
      NativeError refused =
          assertThrows(NativeError.class, () -> poller.register(file.number(), events::add));
      assertEquals(Errno.EPERM, refused.errno());
    }
  }

  @Test
  void takesMoreDescriptorsThanItHadRoomFor() throws InterruptedException {
    Fd[][] pairs = new Fd[200][];
    CountDownLatch ready = new CountDownLatch(pairs.length);
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] =
          LibC.socketpair(SocketAddressBytes.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK, 0);
      poller.register(pairs[i][0].number(), events -> ready.countDown());
    }
    assertTrue(ready.await(SECONDS, TimeUnit.SECONDS));
    for (Fd[] each : pairs) {
      each[0].close();
      each[1].close();
    }
  }
}
