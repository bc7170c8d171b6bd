package dev.sluice.transfer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes outside the heap that transfers hold because destinations have no room. Peers that do not
 * read could else use up all of it, so that the sessions of others find none. Thread-safe.
 */
final class HeldMemory {
  /**
   * All transfers of the process: a quarter of what the heap may have, which is also what direct
   * buffers may have unless {@code -XX:MaxDirectMemorySize} says otherwise.
   */
  static final HeldMemory OF_PROCESS = new HeldMemory(Runtime.getRuntime().maxMemory() / 4);

  private final long share;
  private final AtomicLong held = new AtomicLong();

  /**
   * Nothing is held yet.
   *
   * @param share bytes from which on sources are read only for destinations that have room
   */
  HeldMemory(long share) {
    this.share = share;
  }

  /** Whether so much is held that nothing should be read that may have to be held too. */
  boolean isShort() {
    return held.get() >= share;
  }

  void take(int bytes) {
    held.addAndGet(bytes);
  }

  void giveBack(int bytes) {
    held.addAndGet(-bytes);
  }

  /** Bytes held now. */
  long held() {
    return held.get();
  }
}
