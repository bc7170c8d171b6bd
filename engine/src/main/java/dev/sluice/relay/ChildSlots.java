package dev.sluice.relay;

import dev.sluice.endpoint.Listener;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Room for sessions: a place is taken before a peer is accepted, and given back when its session
 * has ended. Thread-safe.
 */
public final class ChildSlots implements Listener.Admission {
  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean paused;

  /** Room for {@code limit} sessions; 0 for any number. */
  public ChildSlots(int limit) {
    this.limit = limit == 0 ? Integer.MAX_VALUE : limit;
  }

  @Override
  public boolean tryEnter() {
    while (true) {
      int now = taken.get();
      if (now >= limit || paused) {
        return false;
      }
      if (taken.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  @Override
  public void leave() {
    taken.decrementAndGet();
  }

  /** While paused nobody enters, whatever room there is: the process is short of descriptors. */
  public void pause(boolean on) {
    paused = on;
  }

  /** Places taken. */
  public int taken() {
    return taken.get();
  }

  /** Whether every place is taken. */
  public boolean isFull() {
    return taken.get() >= limit;
  }
}
