package dev.sluice.os;

/**
 * Ends another thread's wait for descriptors: an eventfd(2) that becomes readable when {@linkplain
 * #signal() signalled}.
 */
public final class Wakeup implements AutoCloseable {
  private static final NativeBuffer ONE = NativeBuffer.allocate(8).putLong(0, 1);

  private final Fd event = ReadinessCalls.eventfd();

  /** The descriptor to wait for. */
  public int fd() {
    return event.number();
  }

  /** Makes the descriptor readable, from any thread. Does nothing once closed. */
  public synchronized void signal() {
    if (!event.isClosed()) {
      LibC.write(event.number(), ONE, 0, 8);
    }
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
