package dev.sluice.testkit;

import java.io.IOException;
import java.net.Socket;

/**
 * What a {@link TestServer} does with a connection. Runs on a thread of its own; the connection is
 * closed after it.
 *
 * <p>The faults to order are services: {@link ResetAfter}, {@link Stall}, {@link SlowReader},
 * {@link HalfClose}.
 */
@FunctionalInterface
public interface Service {
  void serve(Socket connection) throws IOException;

  /** Sends everything back as it comes. */
  static Service echo() {
    return connection -> connection.getInputStream().transferTo(connection.getOutputStream());
  }

  /** Sends the same to everyone, then closes. */
  static Service saying(byte[] bytes) {
    return connection -> connection.getOutputStream().write(bytes);
  }
}
