package dev.sluice.endpoint;

import dev.sluice.os.Fd;

/** The reading half of an endpoint that is a descriptor. */
public interface FdReader {
  Fd fd();

  /**
   * Reads one piece.
   *
   * @param buffer address of the memory to fill
   * @param length its size in bytes
   * @return bytes read, 0 at the end of data, or {@code -errno}; {@code -EAGAIN} when there is
   *     nothing yet
   */
  int read(long buffer, int length);

  /**
   * Whether splice(2) may read the descriptor in our place, because reading it is all that {@link
   * #read} does.
   */
  default boolean canSplice() {
    return false;
  }

  /**
   * Whether recvmmsg(2) may read the descriptor's datagrams in our place while nothing is {@link
   * #hasBuffered() buffered}.
   */
  default boolean canBatch() {
    return false;
  }

  /**
   * Whether it may do so at this moment; asked each time. False while {@link #read} has to look at
   * each datagram's sender.
   */
  default boolean canBatchNow() {
    return true;
  }

  /**
   * Has each read give one piece as the peer has sent it, where the protocol has pieces: one record
   * of TLS, as SSL_read(3) does. For what keeps boundaries on the other side.
   */
  default void readPieceByPiece() {}

  /**
   * Whether {@link #read} has something to give that the descriptor's readiness does not tell of,
   * or may have: true too when the last read gave what was kept from before, since the descriptor
   * may have become ready meanwhile.
   */
  default boolean hasBuffered() {
    return false;
  }

  /**
   * Whether a read that gives fewer bytes than were asked for proves that nothing more waits. True
   * of TCP, but for urgent data, which the poller tells of. Elsewhere a read may stop early: at a
   * message with ancillary data (unix(7)), at the end of a line (termios(3)), at a packet (pipe(2),
   * O_DIRECT). There only {@code -EAGAIN} means empty.
   */
  default boolean shortReadMeansEmpty() {
    return false;
  }

  /** Has {@code wake} run, on any thread, whenever something is buffered later. */
  default void whenBuffered(Runnable wake) {}

  /** The call that {@link #read} makes, with its arguments, for messages. */
  default String describeRead(long buffer, int length) {
    return "read(" + fd() + ", 0x" + Long.toHexString(buffer) + ", " + length + ")";
  }

  /** A descriptor that is simply read. */
  static FdReader of(Fd fd) {
    return new SimpleReader(fd);
  }

  /** A TCP connection. */
  static FdReader ofTcp(Fd fd) {
    return new SimpleReader(fd) {
      @Override
      public boolean shortReadMeansEmpty() {
        return true;
      }
    };
  }
}
