package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
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
  void sleepsWhenWhatWasExpectedDoesNotCome() throws InterruptedException {
    CompletableFuture<Path> thread = new CompletableFuture<>();
    poller.execute(
        () -> {
          try {
            thread.complete(Path.of("/proc/thread-self").toRealPath());
          } catch (IOException e) {
            thread.completeExceptionally(e);
          }
          poller.expectMore();
        });
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
