package dev.sluice.addresses.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that compute handshakes of the whole process, one for each processor. What waits for
 * them is bounded by the number of connections, each of which has one task at most.
 */
final class HandshakeThreads {
  private static final ThreadPoolExecutor THREADS = make();

  private HandshakeThreads() {}

  private static ThreadPoolExecutor make() {
    int count = Runtime.getRuntime().availableProcessors();
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        count,
        count,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, "handshake-" + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Has all threads started, so that none is missing when the host gives no more. */
  static Executor started() {
    THREADS.prestartAllCoreThreads();
    return THREADS;
  }
}
