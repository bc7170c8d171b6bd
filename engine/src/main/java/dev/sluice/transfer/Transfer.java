package dev.sluice.transfer;

/** One direction of a relay. All methods may be called from any thread. */
public interface Transfer {
  /** Who is told of the end, once, on any thread. */
  interface Observer {
    /**
     * The source is at its end, and the destination's output is about to be ended. Told by
     * transfers whose two directions run on different threads, so that the ends are known in the
     * order in which they came about.
     */
    void sourceEnded(TransferDirection direction);

    void ended(TransferDirection direction, TransferEnd end);
  }

  /**
   * The program behind the source has ended: what is still there is moved, then the data ends even
   * if others hold the channel open.
   */
  void drainThenEnd();

  /** The other direction has ended: end of data is no longer ignored. */
  void closing();

  /** Bytes written to the destination. */
  long bytes();

  /** Pieces written to the destination. */
  long blocks();

  /** The name of the plan that moves the bytes now, for logs and statistics. */
  String plan();
}
