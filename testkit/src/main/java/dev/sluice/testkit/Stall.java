package dev.sluice.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** Takes a connection, and neither reads, writes nor closes until told to go on. */
public final class Stall implements Service {
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final Service then;

  /** Goes on with another service. */
  public Stall(Service then) {
    this.then = then;
  }

  /** Ends the stall, for all connections. */
  public void end() {
    stalled.countDown();
  }

  @Override
  public void serve(Socket connection) throws IOException {
    try {
      stalled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    then.serve(connection);
  }
}
