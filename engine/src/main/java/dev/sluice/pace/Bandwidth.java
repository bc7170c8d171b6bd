package dev.sluice.pace;

import java.time.Duration;

/**
 * How many bytes a second the sessions of a relay may move, each way: each of them, and all
 * together. May change while they run. Thread-safe.
 */
public final class Bandwidth {
  /** No limit, for ever. */
  public static final Bandwidth UNLIMITED = new Bandwidth();

  /** Makes up for clocks that ring late. */
  private static final long CREDIT = Duration.ofMillis(50).toNanos();

  /** A rate is kept by that many pieces a second, or more. */
  private static final long PIECES = 100;

  private final Pace upwards = new Pace(CREDIT);
  private final Pace downwards = new Pace(CREDIT);
  private volatile long perSession;

  /**
   * Other limits hold from now on.
   *
   * @param session bytes a second of each session, each way; 0 for any number
   * @param relay bytes a second of all together, each way; 0 for any number
   */
  public void change(long session, long relay) {
    if (this == UNLIMITED) {
      throw new IllegalStateException("no limit is to stay no limit");
    }
    perSession = session;
    upwards.change(relay);
    downwards.change(relay);
  }

  /** Whether there is a limit now. */
  public boolean isLimited() {
    return perSession > 0 || upwards.rate() > 0;
  }

  /** One direction of a new session. */
  public Share share(boolean isUpwards) {
    return new Share(isUpwards ? upwards : downwards);
  }

  /** One direction of a session. Not thread-safe. */
  public final class Share {
    private final Pace own = new Pace(CREDIT);
    private final Pace all;

    private Share(Pace all) {
      this.all = all;
    }

    /** Bytes that are to be booked at once, of so many. */
    public int piece(int length) {
      long slower = Math.min(orMost(perSession), orMost(all.rate()));
      return (int) Math.min(length, Math.max(1, slower / PIECES));
    }

    private static long orMost(long rate) {
      return rate == 0 ? Long.MAX_VALUE : rate;
    }

    /** Books bytes; returns when they may go. */
    public long book(int bytes, long now) {
      own.change(perSession);
      return all.book(bytes, own.book(bytes, now));
    }
  }
}
