package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertSame;

import akka.actor.typed.DispatcherSelector;
import dev.sluice.os.Poller;
import dev.sluice.transfer.PollerMemory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which poller a session has. */
class SessionPlacementTest {
  /** A poller that only says whether it is busy. */
  private static final class Idling implements Poller {
    private boolean busy;

    @Override
    public Registration register(int fd, Handler handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isCurrent() {
      return false;
    }

    @Override
    public boolean isBusy() {
      return busy;
    }

    @Override
    public void close() {}
  }

  private final Idling homePoller = new Idling();
  private final SessionPoller home = poller(0, homePoller);
  private final SessionPoller other = poller(1, new Idling());
  private final SessionPlacement placement = new SessionPlacement(home, () -> other);

  private static SessionPoller poller(int index, Poller poller) {
    return new SessionPoller(
        index, new PollerMemory(poller, 8192), DispatcherSelector.defaultDispatcher());
  }

  private void lived(int sessions, Duration each) {
    for (int i = 0; i < sessions; i++) {
      placement.lived(each.toNanos());
    }
  }

  @Test
  void takesTurnsBeforeAnythingIsKnown() {
    assertSame(other, placement.next());
  }

  @Test
  void takesTurnsWhereSessionsLiveLong() {
    lived(100, Duration.ofMillis(30));
    assertSame(other, placement.next());
  }

  @Test
  void staysAtHomeWhereSessionsAreShort() {
    lived(100, Duration.ofMillis(2));
    assertSame(home, placement.next());
  }

  @Test
  void goesElsewhereWhileHomeIsBusy() {
    lived(100, Duration.ofMillis(2));
    homePoller.busy = true;
    assertSame(other, placement.next());
    homePoller.busy = false;
    assertSame(home, placement.next());
  }

  @Test
  void takesTurnsAgainAfterLongSessions() {
    lived(100, Duration.ofMillis(2));
    lived(1, Duration.ofSeconds(10));
    assertSame(other, placement.next());
  }
}
