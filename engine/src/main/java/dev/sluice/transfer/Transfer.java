package dev.sluice.transfer;

import dev.sluice.os.NativeError;

/** One direction of a relay. All methods may be called from any thread. */
public interface Transfer {
  /** Told of the end, once, on any thread. */
  interface Observer {
    /**
     * The source is at its end, and the destination's output is about to be ended. Told by
     * transfers whose two directions run on different threads, so that the ends are known in the
     * order in which they came about.
     */
    void sourceEnded(TransferDirection direction);

    /**
     * Writing failed, and {@code lost} bytes that had been read are gone.
     *
     * @return whether to read on: every block is then tried, and told of here when it fails too.
     *     Otherwise the direction is over, and {@link #ended} is not told.
     */
    boolean writeFailed(TransferDirection direction, NativeError error, long lost);

    /** The transfer was stopped while it held {@code lost} bytes that were not written. */
    void stoppedWith(TransferDirection direction, long lost);

    void ended(TransferDirection direction, TransferEnd end);
  }

  /**
   * The program behind the source has ended: what is still there is moved, then the data ends even
   * if others hold the channel open.
   */
  void drainThenEnd();

  /** The other direction has ended: end of data is no longer ignored. */
  void closing();

  /** Whether bytes wait until the destination has room. As of a moment ago. */
  boolean waitsForRoom();

  /** Bytes written to the destination. */
  long bytes();

  /** Pieces written to the destination. */
  long blocks();

  /** The name of the plan that moves the bytes now, for logs and statistics. */
  String plan();
}
