package dev.sluice.os;

import java.util.function.IntUnaryOperator;

/** Asks poll(2) for the present state of descriptors. Not thread-safe. */
final class PollStates {
  private static final int ENTRY = 8;

  /** What ends the reading side is poll(2)'s own event on Linux alone; elsewhere reading tells. */
  private static final int POLLRDHUP =
      System.getProperty("os.name", "").equals("Linux") ? 0x2000 : 0;

  private NativeBuffer entries = NativeBuffer.allocate(64 * ENTRY);

  /** The present states of so many descriptors, as poll(2) gives them. */
  int[] of(int count, IntUnaryOperator descriptor) {
    if (entries.capacity() < count * ENTRY) {
      entries = NativeBuffer.allocate(2 * count * ENTRY);
    }
    for (int i = 0; i < count; i++) {
      entries
          .putInt(i * ENTRY, descriptor.applyAsInt(i))
          .putShort(i * ENTRY + 4, ReadinessCalls.POLLIN | ReadinessCalls.POLLOUT | POLLRDHUP)
          .putShort(i * ENTRY + 6, 0);
    }
    ReadinessCalls.poll(entries, count, 0);
    int[] events = new int[count];
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
