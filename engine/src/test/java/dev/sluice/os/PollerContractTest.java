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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every poller must do, whatever the kernel offers. */
@Timeout(60)
abstract class PollerContractTest {
  static final long SECONDS = 10;

  final Poller poller = start("test-poller");
  final Fd[] pair =
      SocketCalls.socketpair(
          SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK, 0);
  final LinkedBlockingQueue<Integer> events = new LinkedBlockingQueue<>();

  abstract Poller start(String name);

  @AfterEach
  void close() {
    pair[0].close();
    pair[1].close();
    poller.close();
  }

  final int next() throws InterruptedException {
    return Objects.requireNonNull(events.poll(SECONDS, TimeUnit.SECONDS), "no event");
  }

  final void send() {
    assertEquals(1, LibC.write(pair[1].number(), NativeBuffer.allocate(1), 0, 1));
  }

  /** Everything that was ready has been reported once this returns. */
  final void settle() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      CountDownLatch done = new CountDownLatch(1);
      poller.execute(done::countDown);
      assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
    }
  }

  /** Reads everything there is; gives the number of bytes. */
  final int drain(int fd) {
    NativeBuffer block = NativeBuffer.allocate(4096);
    int total = 0;
    int n;
    while ((n = LibC.read(fd, block, 0, block.capacity())) > 0) {
      total += n;
    }
    return total;
  }

  @Test
  void reportsWhatComesAfterEverythingWasRead() throws InterruptedException {
    aThousandBytesAreReported();
  }

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

  /** A look that wants another one each time. */
  private final class EndlessLook implements Runnable {
    private volatile boolean over;

    @Override
    public void run() {
      assertTrue(poller.isCurrent());
      if (!over) {
        poller.lookAgain(this);
      }
    }
  }

  @Test
  void reportsAndRunsTasksAsEverWhileSomebodyLooks() throws InterruptedException {
    EndlessLook look = new EndlessLook();
    poller.execute(look);
    aThousandBytesAreReported();
    settle();
    look.over = true;
    settle();
  }

  /** One at a time, each sent once the last was read. */
  private void aThousandBytesAreReported() throws InterruptedException {
    LinkedBlockingQueue<Integer> read = new LinkedBlockingQueue<>();
    poller.register(
        pair[0].number(),
        ready -> {
          int n = (ready & Poller.READABLE) == 0 ? 0 : drain(pair[0].number());
          if (n > 0) {
            read.add(n);
          }
        });
    for (int round = 0; round < 1000; round++) {
      send();
      assertEquals(1, read.poll(SECONDS, TimeUnit.SECONDS), "byte " + round);
    }
  }

  @Test
  void losesNoByteOfAFastSender() throws InterruptedException {
    int wanted = 200_000;
    CountDownLatch all = new CountDownLatch(wanted);
    poller.register(
        pair[0].number(),
        ready -> {
          for (int n = drain(pair[0].number()); n > 0; n--) {
            all.countDown();
          }
        });
    NativeBuffer one = NativeBuffer.allocate(1);
    try (ReadinessWait room = new ReadinessWait()) {
      for (int sent = 0; sent < wanted; ) {
        if (LibC.write(pair[1].number(), one, 0, 1) == 1) {
          sent++;
        } else {
          room.awaitOutput(pair[1].number());
        }
      }
    }
    assertTrue(all.await(SECONDS, TimeUnit.SECONDS), () -> all.getCount() + " bytes not reported");
  }

  @Test
  void reportsRoomAfterItRanOut() throws InterruptedException {
    NativeBuffer block = NativeBuffer.allocate(4096);
    LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
    CompletableFuture<Poller.Registration> registration = new CompletableFuture<>();
    registration.complete(
        poller.register(
            pair[0].number(),
            ready -> {
              if ((ready & Poller.WRITABLE) != 0) {
                fill(pair[0].number(), block);
                said.add("full");
                registration.join().awaitRoom();
              }
            }));
    registration.join().awaitRoom();
    for (int round = 0; round < 50; round++) {
      assertEquals("full", said.poll(SECONDS, TimeUnit.SECONDS), "round " + round);
      drain(pair[1].number());
    }
  }

  private static void fill(int fd, NativeBuffer block) {
    int n;
    do {
      n = LibC.write(fd, block, 0, block.capacity());
    } while (n > 0);
  }

  @Test
  void roomIsThereAlreadyWhenItIsAskedFor() throws InterruptedException {
    Poller.Registration registration = poller.register(pair[0].number(), events::add);
    registration.awaitRoom();
    assertEquals(Poller.WRITABLE, next());
  }

  @Test
  void doesNotSpinOverWhatNobodyReads() throws InterruptedException {
    AtomicInteger reports = new AtomicInteger();
    poller.register(pair[0].number(), ready -> reports.incrementAndGet());
    send();
    SocketCalls.shutdown(pair[1].number(), SocketCalls.SHUT_RDWR);
    CountDownLatch later = new CountDownLatch(1);
    assertFalse(later.await(300, TimeUnit.MILLISECONDS));
    assertTrue(reports.get() > 0);
    assertTrue(reports.get() < 100, () -> reports + " reports");
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
  void reportsThatThePeerHungUp() throws InterruptedException {
    poller.register(pair[0].number(), events::add).awaitRoom();
    assertEquals(Poller.WRITABLE, next());
    SocketCalls.shutdown(pair[1].number(), SocketCalls.SHUT_WR);
    int heard = 0;
    while (heard != (Poller.READABLE | Poller.HANGUP)) {
      heard |= next() & (Poller.READABLE | Poller.HANGUP);
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
