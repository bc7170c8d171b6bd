package dev.sluice.addresses.tls;

import javax.net.ssl.SSLException;

/**
 * Counts the records of a peer that bring no data, such as new keys. Each costs work here, and most
 * are answered, so a peer that sends too many is cut off. One is free for every {@value #DATA}
 * bytes of data. Not thread-safe.
 */
final class RecordLimit {
  private static final int MOST = 64;
  private static final int DATA = 64 * 1024;

  /** As OpenSSL has it. */
  private static final int MOST_EMPTY = 32;

  private int withoutData;
  private int empty;
  private int data;

  /** A record has brought data. */
  void data(int bytes) {
    empty = 0;
    if (withoutData == 0) {
      return;
    }
    data += bytes;
    while (data >= DATA && withoutData > 0) {
      data -= DATA;
      withoutData--;
    }
  }

  /** A record of data has brought none: before TLS 1.1 some peers send one before each piece. */
  void empty() throws SSLException {
    if (++empty > MOST_EMPTY) {
      throw new SSLException("the peer sends nothing but empty records");
    }
  }

  /** A record was about something else. */
  void withoutData() throws SSLException {
    if (++withoutData > MOST) {
      throw new SSLException("the peer asks for new keys too often");
    }
  }
}
