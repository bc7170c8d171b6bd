package dev.sluice.testkit;

import java.io.IOException;
import java.net.Socket;

/** Reads some bytes, then resets the connection. */
public final class ResetAfter implements Service {
  private final int bytes;

  public ResetAfter(int bytes) {
    this.bytes = bytes;
  }

  @Override
  public void serve(Socket connection) throws IOException {
    connection.getInputStream().readNBytes(bytes);
    now(connection);
  }

  /** Resets a connection: the peer sees ECONNRESET. */
  public static void now(Socket connection) throws IOException {
    connection.setSoLinger(true, 0);
    connection.close();
  }
}
