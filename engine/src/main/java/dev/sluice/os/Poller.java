package dev.sluice.os;

/**
 * A thread that waits until descriptors are ready and tells their handlers.
 *
 * <p>Readiness is reported on its edges: a handler that was told "readable" must read until it
 * would block, or ask again with {@link #execute}. A descriptor is registered once, for its life.
 * Room for output is reported only on request: most sockets have room again with each piece that
 * leaves them, and each report would wake the poller for nothing.
 *
 * <p>Handlers run on the poller's thread, and must not block.
 */
public interface Poller extends AutoCloseable {
  int READABLE = 1;
  int WRITABLE = 2;

  /**
   * The peer will send no more, or the descriptor is in error: whatever is left can be read without
   * waiting.
   */
  int HANGUP = 4;

  /**
   * There is urgent data: a read stops in front of it, although more waits behind (tcp(7)). Told
   * together with {@link #READABLE}, by pollers over epoll(7).
   */
  int URGENT = 8;

  /**
   * Called when a descriptor is ready; {@code events} is a set of {@link #READABLE}, {@link
   * #WRITABLE}, {@link #HANGUP} and {@link #URGENT}.
   */
  interface Handler {
    void ready(int events);
  }

  /**
   * Whether it has had work without a pause for some time, so that more would wait; true of one
   * that does not know.
   */
  default boolean isBusy() {
    return true;
  }

  /**
   * One descriptor's place with its poller. Closing it before the descriptor is closed ends all
   * reports.
   */
  interface Registration extends AutoCloseable {
    @Override
    void close();

    /**
     * As {@link #close()}, when the descriptor is closed right after, which tells the kernel
     * enough.
     */
    default void abandon() {
      close();
    }

    /**
     * Asks for one report of room for output, which comes at once when there is some. Any thread.
     */
    void awaitRoom();
  }

  /**
   * Starts to report on a descriptor; throws {@link NativeError} when it cannot be polled. Any
   * thread.
   */
  Registration register(int fd, Handler handler);

  /** Runs a task on the poller's thread, after what is queued there. Any thread. */
  void execute(Runnable task);

  /** Runs a step on the poller's thread: on the spot when it is the caller's, else as a task. */
  default void onThread(Runnable step) {
    if (isCurrent()) {
      step.run();
    } else {
      execute(step);
    }
  }

  /**
   * Runs a look at a descriptor that is expected to be ready before the kernel says so. On the
   * poller's thread alone. Other threads have the processor first; the poller does not sleep until
   * it has run. While the poller is awake, new data does not cost a wake-up; it is picked up in one
   * batch.
   */
  default void lookAgain(Runnable look) {
    execute(look);
  }

  /**
   * Says that something is likely to be ready soon, such as the answer to a small piece that was
   * just passed on. The poller may then busy-poll for a moment before it sleeps. On the poller's
   * thread alone.
   */
  default void expectSoon() {}

  /** Whether the caller is the poller's thread. */
  boolean isCurrent();

  @Override
  void close();
}
