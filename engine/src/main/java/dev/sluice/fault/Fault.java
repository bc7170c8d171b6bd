package dev.sluice.fault;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * One fault. Immutable; made by {@link FaultText}.
 *
 * @param kind what it does
 * @param time how long it delays, pauses or holds
 * @param jitter how far {@code time} may be off, either way
 * @param bytes bytes a second, or bytes of a piece
 * @param spread how far the bytes of a piece may be off, either way
 * @param share of the datagrams, 0 to 1
 * @param after when it begins
 * @param up whether it holds from left to right: towards the upstream
 * @param down whether it holds from right to left: towards the client
 * @param probability share of the sessions that have it, 0 to 1
 * @param seed makes the same sessions and datagrams suffer in each run; empty for chance
 * @param text as it was written
 */
public record Fault(
    Kind kind,
    Duration time,
    Duration jitter,
    long bytes,
    long spread,
    double share,
    Begin after,
    boolean up,
    boolean down,
    double probability,
    OptionalLong seed,
    String text) {
  /** What a fault does. */
  public enum Kind {
    /** Data arrive later. */
    LATENCY,
    /** So many bytes a second, and no more. */
    RATE,
    /** Data arrive in small pieces. */
    SLICE,
    /** Nothing moves, and no end is passed on. */
    STALL,
    /** Both connections are reset. */
    RESET,
    /** The data end early. */
    CUT,
    /** A session is not served at all. */
    REFUSE,
    /** The end of the data comes later. */
    SLOW_CLOSE,
    /** Datagrams get lost. */
    LOSS,
    /** Datagrams arrive twice. */
    DUP,
    /** One bit of a datagram is another. */
    CORRUPT,
    /** Datagrams are overtaken by those behind them. */
    REORDER;

    /** Its name in options and files. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is for datagrams alone. */
    public boolean isForDatagrams() {
      return compareTo(LOSS) >= 0;
    }
  }

  /**
   * When a fault begins: at once, or when both of these are reached.
   *
   * @param time since the session began to move data
   * @param bytes that have passed in its direction
   */
  public record Begin(Duration time, long bytes) {
    public static final Begin AT_ONCE = new Begin(Duration.ZERO, 0);
  }

  /** Faults as they were written. */
  public static List<String> texts(List<Fault> faults) {
    return faults.stream().map(Fault::text).toList();
  }

  /** Whether it holds in a direction. */
  public boolean isFor(boolean upwards) {
    return upwards ? up : down;
  }

  @Override
  public String toString() {
    return text;
  }
}
