package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every poller must do besides: tasks, registration, the end. */
@Timeout(60)
abstract class PollerContractTest extends PollerReadinessContract {
  /** Also an Error, as of memory that is not there, concerns nobody else's session. */
  @Test
  void outlivesWhatTasksAndHandlersThrow() throws InterruptedException {
    LinkedBlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    poller.execute(
        () ->
            Thread.currentThread()
                .setUncaughtExceptionHandler((thread, failure) -> told.add(failure)));
    OutOfMemoryError ofTask = new OutOfMemoryError("on purpose");
    poller.execute(
        () -> {
          throw ofTask;
        });
    assertEquals(ofTask, told.poll(SECONDS, TimeUnit.SECONDS));
    LinkageError ofHandler = new LinkageError("on purpose");
    poller.register(
        pair[0].number(),
        ready -> {
          throw ofHandler;
        });
    send();
    assertEquals(ofHandler, told.poll(SECONDS, TimeUnit.SECONDS));
    settle();
  }

  @Test
  void servesANumberThatIsUsedAgain() throws InterruptedException {
    Poller.Registration first = poller.register(pair[0].number(), ready -> {});
    settle();
    first.close();
    int number = pair[0].number();
    pair[0].close();
    pair[1].close();
    Fd[] again =
        SocketCalls.socketpair(
            SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK, 0);
    try {
      for (Fd end : again) {
        if (end.number() == number) {
          poller.register(number, events::add).awaitRoom();
          assertEquals(Poller.WRITABLE, next() & Poller.WRITABLE);
        }
      }
    } finally {
      again[0].close();
      again[1].close();
    }
  }

  @Test
  void goesOnWhenAHandlerThrows() throws InterruptedException {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    LinkedBlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> thrown.add(e));
    try {
      poller
          .register(
              pair[1].number(),
              ready -> {
                throw new IllegalStateException("on purpose");
              })
          .awaitRoom();
      assertEquals(
          "on purpose",
          Objects.requireNonNull(thrown.poll(SECONDS, TimeUnit.SECONDS)).getMessage());
      poller.register(pair[0].number(), events::add).awaitRoom();
      assertEquals(Poller.WRITABLE, next());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void saysNothingAfterClose() throws InterruptedException {
    Poller.Registration registration = poller.register(pair[0].number(), events::add);
    registration.awaitRoom();
    assertEquals(Poller.WRITABLE, next());
    registration.close();
    registration.close();
    settle();
    events.clear();
    send();
    settle();
    assertNull(events.poll());
  }

  @Test
  void dropsEventsOfWhatWasClosedWhileTheyWerePending() throws Exception {
    Fd[] other =
        SocketCalls.socketpair(
            SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK, 0);
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
    first.join().awaitRoom();
    second.join().awaitRoom();
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
    try (Fd file = FileCalls.open("/etc/passwd", OpenFlags.RDONLY, 0)) {
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
          SocketCalls.socketpair(
              SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK, 0);
      AtomicBoolean first = new AtomicBoolean(true);
      poller
          .register(
              pairs[i][0].number(),
              events -> {
                if (first.getAndSet(false)) {
                  ready.countDown();
                }
              })
          .awaitRoom();
    }
    assertTrue(ready.await(SECONDS, TimeUnit.SECONDS));
    for (Fd[] each : pairs) {
      each[0].close();
      each[1].close();
    }
  }

  /** Numbers and slots are used again at once; an event is for who is registered then. */
  @Test
  void threadsThatRegisterAndCloseHearOnlyOfTheirOwn() throws InterruptedException {
    AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread = new Thread(this::registerMany);
      thread.setUncaughtExceptionHandler((any, failure) -> wrong.set(failure));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertNull(wrong.get());
  }

  private void registerMany() {
    for (int i = 0; i < 300; i++) {
      Fd[] own =
          SocketCalls.socketpair(
              SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK, 0);
      AtomicBoolean over = new AtomicBoolean();
      AtomicBoolean late = new AtomicBoolean();
      CountDownLatch told = new CountDownLatch(1);
      Poller.Registration registration =
          poller.register(
              own[0].number(),
              ready -> {
                late.compareAndSet(false, over.get());
                told.countDown();
              });
      assertEquals(1, LibC.write(own[1].number(), NativeBuffer.allocate(1), 0, 1));
      await(told);
      CountDownLatch closed = new CountDownLatch(1);
      poller.execute(
          () -> {
            registration.close();
            over.set(true);
            LibC.write(own[1].number(), NativeBuffer.allocate(1), 0, 1);
            own[0].close();
            own[1].close();
            closed.countDown();
          });
      await(closed);
      assertFalse(late.get(), "an event after the end");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
