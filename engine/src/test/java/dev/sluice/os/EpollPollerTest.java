package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EpollPollerTest extends PollerContractTest {
  @Override
  Poller start(String name) {
    return EpollPoller.start(name);
  }

  @Test
  void reportsEdgesOnce() throws InterruptedException {
    poller.register(pair[0].number(), events::add).awaitRoom();
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
  void isNotToldOfRoomThatNobodyAskedFor() throws InterruptedException {
    Poller.Registration registration = poller.register(pair[0].number(), events::add);
    registration.awaitRoom();
    assertEquals(Poller.WRITABLE, next());
    LibC.write(pair[0].number(), NativeBuffer.allocate(1), 0, 1);
    LibC.read(pair[1].number(), NativeBuffer.allocate(1), 0, 1);
    settle();
    assertNull(events.poll(), "room as each piece makes");
    send();
    assertEquals(Poller.READABLE, next(), "the answer to one request is the only one");
  }

  @Test
  void nobodyAsksForRoomOfWhatWasClosed() throws InterruptedException {
    Poller.Registration registration = poller.register(pair[0].number(), events::add);
    registration.close();
    poller.register(pair[0].number(), events::add);
    registration.awaitRoom();
    settle();
    assertNull(events.poll());
  }

  /** Its sessions would wait for ever, so it is not for them alone to know. */
  @Test
  void aThreadThatCannotGoOnIsAnError() throws Exception {
    Set<Integer> before = epolls();
    Poller lost = EpollPoller.start("lost");
    Set<Integer> made = epolls();
    made.removeAll(before);
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> told.complete(failure));
    try {
      assertEquals(1, made.size());
      ProcessCalls.duplicate(pair[0].number(), made.iterator().next());
      lost.execute(() -> {}); // ends the call that waits, of which the kernel still has the epoll
      lost.execute(() -> {});
      assertInstanceOf(Error.class, told.get(10, TimeUnit.SECONDS));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(handler);
    }
  }

  private static Set<Integer> epolls() throws IOException {
    Set<Integer> numbers = new HashSet<>();
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : all.toList()) {
        if (Files.isSymbolicLink(link)
            && Files.readSymbolicLink(link).toString().equals("anon_inode:[eventpoll]")) {
          numbers.add(Integer.parseInt(link.getFileName().toString()));
        }
      }
    }
    return numbers;
  }

  /** As the kernel sees it, a thread that looks again and again runs, and one that waits sleeps. */
  @Test
  void sleepsOnceNobodyLooks() throws InterruptedException {
    CountDownLatch looks = new CountDownLatch(8);
    Runnable look =
        new Runnable() {
          @Override
          public void run() {
            looks.countDown();
            if (looks.getCount() > 0) {
              poller.lookAgain(this);
            }
          }
        };
    poller.execute(() -> poller.lookAgain(look));
    assertTrue(looks.await(SECONDS, TimeUnit.SECONDS));
    awaitSleep();
    poller.register(pair[0].number(), events::add).awaitRoom();
    assertEquals(Poller.WRITABLE, next());
  }

  /** Each piece is expected to be followed by another at once, as it is, until one is the last. */
  @Test
  void sleepsWhenWhatIsExpectedDoesNotCome() throws InterruptedException {
    int pieces = 4 * Anticipation.ENOUGH;
    CountDownLatch arrived = new CountDownLatch(pieces);
    NativeBuffer piece = NativeBuffer.allocate(1);
    poller.register(
        pair[0].number(),
        ready -> {
          while (LibC.read(pair[0].number(), piece, 0, 1) == 1) {
            arrived.countDown();
            poller.expectSoon();
          }
        });
    for (long left = pieces; left > 0; left--) {
      send();
      while (arrived.getCount() >= left) {
        Thread.onSpinWait();
      }
    }
    awaitSleep();
    poller.register(pair[1].number(), events::add).awaitRoom();
    assertEquals(Poller.WRITABLE, next());
  }

  private void awaitSleep() {
    CompletableFuture<Path> thread = new CompletableFuture<>();
    poller.execute(
        () -> {
          try {
            thread.complete(Path.of("/proc/thread-self").toRealPath());
          } catch (IOException e) {
            thread.completeExceptionally(e);
          }
        });
    Path stat = thread.join().resolve("stat");
    while (!isAsleep(stat)) {
      Thread.onSpinWait();
    }
  }

  private static boolean isAsleep(Path stat) {
    try {
      String line = Files.readString(stat);
      return line.startsWith(") S ", line.lastIndexOf(')'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
