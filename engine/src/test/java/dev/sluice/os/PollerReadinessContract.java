package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every poller must report of a descriptor, whatever the kernel offers. */
@Timeout(60)
abstract class PollerReadinessContract {
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
  void reportsThatThePeerHungUp() throws InterruptedException {
    poller.register(pair[0].number(), events::add).awaitRoom();
    assertEquals(Poller.WRITABLE, next());
    SocketCalls.shutdown(pair[1].number(), SocketCalls.SHUT_WR);
    int heard = 0;
    while (heard != (Poller.READABLE | Poller.HANGUP)) {
      heard |= next() & (Poller.READABLE | Poller.HANGUP);
    }
  }
}
