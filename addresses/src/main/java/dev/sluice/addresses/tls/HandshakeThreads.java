package dev.sluice.addresses.tls;

import dev.sluice.os.BoundedThreads;

/**
 * The threads that compute handshakes of the whole process, one for each processor. A connection
 * has one task at most; while many wait, TLS listeners accept nobody.
 */
final class HandshakeThreads {
  /** Some tenths of a second of work for one thread. */
  private static final int LONGEST_QUEUE = 1024;

  private static final BoundedThreads THREADS = make();

  private HandshakeThreads() {}

  private static BoundedThreads make() {
    int count = Runtime.getRuntime().availableProcessors();
    return new BoundedThreads("handshake", count, count, LONGEST_QUEUE);
  }

  /** Has all threads started, so that none is missing when the host gives no more. */
  static BoundedThreads started() {
    return THREADS.started();
  }
}
