package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time limits: on the poller's thread, and gone when they are cancelled. */
class PollerTimerTest {
  private final Poller poller = EpollPoller.start("timed");

  @AfterEach
  void close() {
    poller.close();
  }

  @Test
  void runsOnThePoller() throws Exception {
    CompletableFuture<String> thread = new CompletableFuture<>();
    PollerTimer.start(
        poller, Duration.ofMillis(1), () -> thread.complete(Thread.currentThread().getName()));
    assertEquals("timed", thread.get(20, TimeUnit.SECONDS));
  }

  @Test
  void aCancelledOneIsForgottenAtOnce() {
    int before = PollerTimer.pending();
    for (int i = 0; i < 1_000; i++) {
      PollerTimer timer = PollerTimer.start(poller, Duration.ofSeconds(Long.MAX_VALUE), () -> {});
      assertTrue(PollerTimer.pending() > before);
      timer.cancel();
    }
    assertEquals(before, PollerTimer.pending());
  }
}
