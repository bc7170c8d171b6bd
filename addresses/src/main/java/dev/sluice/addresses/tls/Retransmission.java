package dev.sluice.addresses.tls;

import java.time.Duration;
import javax.net.ssl.SSLException;

/** When a flight of a DTLS handshake is sent again. See RFC 6347, 4.2.4. Not thread-safe. */
final class Retransmission {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int MOST = 6;

  private Duration patience = FIRST;
  private long since;
  private int count;

  /** The time begins to run. */
  void start() {
    since = System.nanoTime();
  }

  Duration left() {
    return patience.minusNanos(System.nanoTime() - since);
  }

  boolean isDue() {
    return left().isNegative() || left().isZero();
  }

  /** One is made; the next one has twice the time. */
  void next() throws SSLException {
    if (++count > MOST) {
      throw new SSLException("the peer does not answer");
    }
    patience = patience.multipliedBy(2);
    start();
  }
}
