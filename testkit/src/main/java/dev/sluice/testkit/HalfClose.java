package dev.sluice.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/** Sends something, ends its output at once, and reads on to the end. */
public final class HalfClose implements Service {
  private final byte[] farewell;
  private final CompletableFuture<byte[]> received = new CompletableFuture<>();

  public HalfClose(byte[] farewell) {
    this.farewell = farewell.clone();
  }

  /** All that came in after its own end; of the first connection. */
  public CompletableFuture<byte[]> received() {
    return received;
  }

  @Override
  public void serve(Socket connection) throws IOException {
    connection.getOutputStream().write(farewell);
    connection.shutdownOutput();
    received.complete(connection.getInputStream().readAllBytes());
  }
}
