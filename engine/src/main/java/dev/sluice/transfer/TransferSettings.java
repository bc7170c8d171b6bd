package dev.sluice.transfer;

import dev.sluice.Internal;
import dev.sluice.fault.Faults;
import dev.sluice.fault.SessionFaults;
import dev.sluice.pace.Bandwidth;
import dev.sluice.stream.Inspection;

/**
 * How a session's bytes are to be moved.
 *
 * @param blockSize bytes moved at once, as the user sees them in dumps and datagrams
 * @param exactBlocks whether no block may be larger, also where nobody could tell
 * @param countedBlocks whether blocks are counted, so that each must be what one read of socat's
 *     gives: a record of TLS
 * @param leftToRight whether that direction runs
 * @param rightToLeft whether that direction runs
 * @param leftToRightInspection what to show of it
 * @param rightToLeftInspection what to show of it
 * @param faults what the session suffers on purpose, besides what its channels say
 * @param bandwidth how fast its data may move
 * @param forced runs this plan instead of the best one; {@link Plan#BEST} outside tests
 */
@Internal
public record TransferSettings(
    int blockSize,
    boolean exactBlocks,
    boolean countedBlocks,
    boolean leftToRight,
    boolean rightToLeft,
    Inspection leftToRightInspection,
    Inspection rightToLeftInspection,
    SessionFaults faults,
    Bandwidth bandwidth,
    Plan forced) {
  private static final SessionFaults NO_FAULTS = new SessionFaults(Faults.NONE, 0);

  /** Which plan may run. */
  public enum Plan {
    BEST,
    /** Copying on threads or pollers, never splicing. */
    COPY,
    STREAM
  }

  /** Settings without faults and limits; exact blocks are counted. */
  public TransferSettings(
      int blockSize,
      boolean exactBlocks,
      boolean leftToRight,
      boolean rightToLeft,
      Inspection leftToRightInspection,
      Inspection rightToLeftInspection,
      Plan forced) {
    this(
        blockSize,
        exactBlocks,
        exactBlocks,
        leftToRight,
        rightToLeft,
        leftToRightInspection,
        rightToLeftInspection,
        NO_FAULTS,
        Bandwidth.UNLIMITED,
        forced);
  }

  public static final TransferSettings DEFAULT =
      new TransferSettings(8192, false, true, true, Inspection.NONE, Inspection.NONE, Plan.BEST);

  boolean runs(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? leftToRight : rightToLeft;
  }

  Inspection inspection(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT
        ? leftToRightInspection
        : rightToLeftInspection;
  }
}
