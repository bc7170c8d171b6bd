package dev.sluice.endpoint;

/**
 * What is done to an endpoint when there is nothing more to write to it, while it may still be
 * read.
 */
public enum HalfClose {
  /** Nothing: the peer learns of it when the endpoint closes. */
  NONE,
  /** shutdown(2) of the writing half. */
  SHUTDOWN,
  /** Close the descriptor that is written to. */
  CLOSE,
  /** Send an empty datagram. */
  EMPTY_DATAGRAM,
  /** What the writer says by itself at the end, such as close_notify of TLS. */
  FAREWELL
}
