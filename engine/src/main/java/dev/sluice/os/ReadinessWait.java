package dev.sluice.os;

/**
 * Waits on the calling thread until one descriptor is ready, for descriptors that a {@link Poller}
 * cannot serve: inherited ones, which must keep their blocking mode, and regular files. Another
 * thread ends the wait with {@link #cancel()}. See poll(2).
 */
public final class ReadinessWait implements AutoCloseable {
  private static final int ENTRY = 8;

  private final Wakeup wakeup = new Wakeup();
  private final NativeBuffer entries = NativeBuffer.allocate(2 * ENTRY);
  private volatile boolean cancelled;

  /** How a wait ended. */
  public enum Result {
    READY,
    TIMED_OUT,
    /** {@link #cancel()} or {@link #nudge()} was called. */
    WOKEN
  }

  /**
   * Waits for input (or end, or error) on {@code fd}.
   *
   * @param timeoutMillis longest wait in milliseconds, −1 for no limit
   */
  public Result awaitInput(int fd, int timeoutMillis) {
    return await(fd, ReadinessCalls.POLLIN, timeoutMillis);
  }

  /** Waits until {@code fd} takes output, or is in error. */
  public Result awaitOutput(int fd) {
    return awaitOutput(fd, -1);
  }

  /** As the shorter form; {@code timeoutMillis} as above. */
  public Result awaitOutput(int fd, int timeoutMillis) {
    return await(fd, ReadinessCalls.POLLOUT, timeoutMillis);
  }

  /** Whether a descriptor takes output without waiting, and is in no error. */
  public static boolean isWritableNow(int fd) {
    return readyNow(fd, ReadinessCalls.POLLOUT) == ReadinessCalls.POLLOUT;
  }

  /** Whether a write would take something, or fail, rather than find no room. */
  public static boolean hasRoomNow(int fd) {
    return readyNow(fd, ReadinessCalls.POLLOUT) != 0;
  }

  /** Whether a read would find nothing: no data, not even an empty datagram, and no error. */
  public static boolean isEmptyNow(int fd) {
    return readyNow(fd, ReadinessCalls.POLLIN) == 0;
  }

  /** What poll(2) tells at once of a descriptor: those events and errors; 0 for nothing. */
  private static int readyNow(int fd, int events) {
    NativeBuffer entry = NativeCalls.scratch();
    entry.putInt(0, fd).putShort(4, events).putShort(6, 0);
    int result = ReadinessCalls.poll(entry, 1, 0);
    return result == 1 ? entry.bytes().getShort(6) : result;
  }

  /** Waits for nothing but a wake-up or the time; {@code timeoutMillis} as above. */
  public Result pause(int timeoutMillis) {
    return await(-1, 0, timeoutMillis);
  }

  private Result await(int fd, int events, int timeoutMillis) {
    if (cancelled) {
      return Result.WOKEN;
    }
    entries.putInt(0, fd).putShort(4, events).putShort(6, 0);
    entries
        .putInt(ENTRY, wakeup.fd())
        .putShort(ENTRY + 4, ReadinessCalls.POLLIN)
        .putShort(ENTRY + 6, 0);
    int ready = ReadinessCalls.poll(entries, 2, timeoutMillis);
    if (ready == 0) {
      return Result.TIMED_OUT;
    }
    if (entries.bytes().getShort(ENTRY + 6) != 0) {
      wakeup.drain();
      return Result.WOKEN;
    }
    return Result.READY;
  }

  /** Whether {@link #cancel()} was called. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** Ends the present wait, and refuses later ones. Any thread. */
  public void cancel() {
    cancelled = true;
    wakeup.signal();
  }

  /** Ends the present wait, so that the waiting thread looks around. Any thread. */
  public void nudge() {
    wakeup.signal();
  }

  @Override
  public void close() {
    wakeup.close();
  }
}
