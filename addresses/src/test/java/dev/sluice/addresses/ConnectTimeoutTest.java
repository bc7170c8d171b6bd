package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.Catalog;
import dev.sluice.endpoint.Direction;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.Poller;
import dev.sluice.testkit.AddressOpening;
import dev.sluice.testkit.FullListener;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection that nobody takes in time leaves its place with the poller. */
class ConnectTimeoutTest {
  private static final int ATTEMPTS = 3;

  private final ExecutorService blockingIo = Executors.newCachedThreadPool();
  private final CountDownLatch ended = new CountDownLatch(ATTEMPTS);
  private final Poller poller = new Counting(EpollPoller.start("connect-timeout"));

  /** Counts the registrations that end. */
  private final class Counting implements Poller {
    private final Poller real;

    private Counting(Poller real) {
      this.real = real;
    }

    @Override
    public Registration register(int fd, Handler handler) {
      Registration registration = real.register(fd, handler);
      return new Registration() {
        @Override
        public void close() {
          registration.close();
          ended.countDown();
        }

        @Override
        public void abandon() {
          registration.abandon();
          ended.countDown();
        }

        @Override
        public void awaitRoom() {
          registration.awaitRoom();
        }
      };
    }

    @Override
    public void execute(Runnable task) {
      real.execute(task);
    }

    @Override
    public boolean isCurrent() {
      return real.isCurrent();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @AfterEach
  void close() {
    blockingIo.shutdown();
    poller.close();
  }

  @Test
  void endsItsRegistration() throws Exception {
    AddressOpening opening = new AddressOpening(Catalog.load(), poller, blockingIo);
    try (FullListener listener = new FullListener()) {
      String address = listener.address() + ",connect-timeout=0.1";
      for (int i = 0; i < ATTEMPTS; i++) {
        assertThrows(RuntimeException.class, () -> opening.open(address, Direction.BOTH));
      }
      assertTrue(ended.await(10, TimeUnit.SECONDS), () -> ended.getCount() + " are still there");
    }
  }
}
