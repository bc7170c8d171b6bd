package dev.sluice.os;

/**
 * Ends another thread's wait for descriptors: an eventfd(2) that becomes readable when {@linkplain
 * #signal() signalled}.
 */
public final class Wakeup implements AutoCloseable {
  private static final NativeBuffer ONE = NativeBuffer.allocate(8).putLong(0, 1);

  /** A signal that is lost leaves somebody asleep for good, so one that fails is sent again. */
  private static final int ATTEMPTS = 100;

  private final Fd event = ReadinessCalls.eventfd();

  /** The descriptor to wait for. */
  public int fd() {
    return event.number();
  }

  /** Makes the descriptor readable, from any thread. Does nothing once closed. */
  public synchronized void signal() {
    if (event.isClosed()) {
      return;
    }
    int written = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      written = LibC.write(event.number(), ONE, 0, 8);
      if (written > 0 || written == -Errno.EAGAIN) { // a full counter is readable
        return;
      }
    }
    throw new NativeError("write(" + event + ", 1, 8)", -written);
  }

  /** Makes it unreadable again. */
  public void drain() {
    LibC.read(event.number(), NativeCalls.scratch(), 0, 8);
  }

  @Override
  public synchronized void close() {
    event.close();
  }
}
