package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EpollPollerTest extends PollerContractTest {
  @Override
  Poller start(String name) {
    return EpollPoller.start(name);
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

  /** As the kernel sees it, a thread that looks again and again runs, and one that waits sleeps. */
  @Test
  void sleepsOnceNobodyLooks() throws InterruptedException {
    CompletableFuture<Path> thread = new CompletableFuture<>();
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
    poller.execute(
        () -> {
          try {
            thread.complete(Path.of("/proc/thread-self").toRealPath());
          } catch (IOException e) {
            thread.completeExceptionally(e);
          }
          poller.lookAgain(look);
        });
    assertTrue(looks.await(SECONDS, TimeUnit.SECONDS));
    Path stat = thread.join().resolve("stat");
    while (!isAsleep(stat)) {
      Thread.onSpinWait();
    }
    poller.register(pair[0].number(), events::add);
    assertEquals(Poller.WRITABLE, next());
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
