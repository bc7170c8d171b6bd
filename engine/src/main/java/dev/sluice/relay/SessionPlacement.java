package dev.sluice.relay;

import java.util.function.Supplier;

/**
 * Chooses the poller of each session of a relay that forks. Used on the supervisor's thread only.
 *
 * <p>Sessions take turns on all pollers, so that those that move many bytes share the cores. Where
 * sessions have been short, the next one stays on the supervisor's own poller as long as that has
 * pauses: it is accepted, connected, served and closed without a wake-up of another thread. On two
 * cores that takes a fifth off the processor time of a connection that carries 64 bytes.
 */
final class SessionPlacement {
  /** Sessions are short when they live for less than this on average, in nanoseconds. */
  private static final long SHORT = 20_000_000;

  /** What sessions are taken for before any has ended, in nanoseconds. */
  private static final long UNKNOWN = 1_000_000_000;

  /** The newest lifetime counts for one part in so many. */
  private static final int PARTS = 8;

  private final SessionPoller home;
  private final Supplier<SessionPoller> others;
  private long lifetime = UNKNOWN;

  /**
   * Knows nothing of the sessions yet.
   *
   * @param home the supervisor's poller
   * @param others all pollers in turn
   */
  SessionPlacement(SessionPoller home, Supplier<SessionPoller> others) {
    this.home = home;
    this.others = others;
  }

  /** The poller for a session that begins now. */
  SessionPoller next() {
    return lifetime < SHORT && !home.poller().isBusy() ? home : others.get();
  }

  /** A session has ended that lived for so many nanoseconds. */
  void lived(long nanos) {
    lifetime += (nanos - lifetime) / PARTS;
  }
}
