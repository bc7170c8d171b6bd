package dev.sluice.pace;

/**
 * A token bucket of bytes. Times are nanoseconds of any clock that only grows. Thread-safe, so that
 * several sessions can share one.
 */
public final class Pace {
  private static final double SECOND = 1e9;

  private final long credit;
  private volatile long rate;
  private long free;

  /**
   * Makes one without a limit.
   *
   * @param credit nanoseconds whose bytes may go at once after a pause; 0 for none
   */
  public Pace(long credit) {
    this.credit = credit;
    this.free = Long.MIN_VALUE;
  }

  /** So many bytes a second from now on; 0 for any number. What waits already keeps its time. */
  public synchronized void change(long bytesPerSecond) {
    if (rate != bytesPerSecond) {
      rate = bytesPerSecond;
      free = Long.MIN_VALUE;
    }
  }

  /** Bytes a second; 0 for any number. */
  public long rate() {
    return rate;
  }

  /**
   * Books so many bytes.
   *
   * @param earliest when they could go if there was no limit
   * @return when they may have gone
   */
  public synchronized long book(long bytes, long earliest) {
    if (rate == 0) {
      return earliest;
    }
    free = Math.max(free, earliest - credit) + (long) (bytes * SECOND / rate);
    return Math.max(free, earliest);
  }
}
