package dev.sluice.os;

/** Asks poll(2) for the present state of descriptors. Not thread-safe. */
final class PollStates {
  private static final int ENTRY = 8;

  /** What ends the reading side is poll(2)'s own event on Linux alone; elsewhere reading tells. */
  private static final int POLLRDHUP =
      System.getProperty("os.name", "").equals("Linux") ? 0x2000 : 0;

  private NativeBuffer entries = NativeBuffer.allocate(64 * ENTRY);

  /** The present state of each descriptor, as poll(2) gives it. */
  int[] of(int[] those) {
    if (entries.capacity() < those.length * ENTRY) {
      entries = NativeBuffer.allocate(2 * those.length * ENTRY);
    }
    for (int i = 0; i < those.length; i++) {
      entries
          .putInt(i * ENTRY, those[i])
          .putShort(i * ENTRY + 4, ReadinessCalls.POLLIN | ReadinessCalls.POLLOUT | POLLRDHUP)
          .putShort(i * ENTRY + 6, 0);
    }
    ReadinessCalls.poll(entries, those.length, 0);
    int[] events = new int[those.length];
    for (int i = 0; i < events.length; i++) {
      events[i] = entries.bytes().getShort(i * ENTRY + 6);
    }
    return events;
  }

  /** The events of poll(2) as {@link Poller} has them. */
  static int readiness(int events) {
    int ready = 0;
    if ((events
            & (ReadinessCalls.POLLIN | POLLRDHUP | ReadinessCalls.POLLHUP | ReadinessCalls.POLLERR))
        != 0) {
      ready |= Poller.READABLE;
    }
    if ((events & (ReadinessCalls.POLLOUT | ReadinessCalls.POLLHUP | ReadinessCalls.POLLERR))
        != 0) {
      ready |= Poller.WRITABLE;
    }
    if ((events & (POLLRDHUP | ReadinessCalls.POLLHUP | ReadinessCalls.POLLERR)) != 0) {
      ready |= Poller.HANGUP;
    }
    return ready;
  }
}
