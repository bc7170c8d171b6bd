package dev.sluice.endpoint;

/** Whether what is written in one piece is read in one piece. */
public enum Boundary {
  /** Bytes only: pieces may be split and joined. */
  STREAM,
  /**
   * One write is one datagram, one read is one datagram; what does not fit the block is cut off.
   */
  DATAGRAM,
  /** Records kept, on a connection. */
  SEQPACKET
}
