package dev.sluice.cli.model;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;

/** One side of a relay: a connection that sends on one thread and reads on another. */
final class Party implements AutoCloseable {
  private static final long PATIENCE_NANOS =
      Duration.ofSeconds(Integer.getInteger("sluice.patience", 60)).toNanos();
  private static final int BLOCK = 65536;

  private final Socket socket;
  private final int pattern;
  private final int expectedPattern;
  private final BlockingQueue<Runnable> sending = new LinkedBlockingQueue<>();
  private long sent;
  private long received;
  private long firstWrong = -1;
  private String end = "";
  private boolean stalled;
  private boolean idle = true;

  /**
   * A side.
   *
   * @param pattern what the bytes are made of that it sends
   * @param expectedPattern what the bytes are made of that it is to receive
   */
  Party(Socket socket, int pattern, int expectedPattern) {
    this.socket = socket;
    this.pattern = pattern;
    this.expectedPattern = expectedPattern;
    start("reader", this::read);
    start("writer", this::write);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 256 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  private static byte at(int pattern, long offset) {
    return (byte) (offset * 31 + (offset >> 8) * 17 + (offset >> 16) * 7 + pattern);
  }

  // --- sending

  synchronized void send(int bytes) {
    long from = sent;
    sent += bytes;
    enqueue(() -> sendNow(from, bytes));
  }

  /** Sends no more, after all that was sent before. */
  void endOutput() {
    enqueue(
        () -> {
          try {
            socket.shutdownOutput();
          } catch (IOException e) {
            return; // the relay was quicker to end
          }
        });
  }

  private void enqueue(Runnable work) {
    synchronized (this) {
      idle = false;
    }
    sending.add(work);
  }

  private void sendNow(long from, int bytes) {
    byte[] block = new byte[Math.min(bytes, BLOCK)];
    try {
      OutputStream out = socket.getOutputStream();
      for (int done = 0; done < bytes; done += block.length) {
        int n = Math.min(block.length, bytes - done);
        for (int i = 0; i < n; i++) {
          block[i] = at(pattern, from + done + i);
        }
        out.write(block, 0, n);
      }
    } catch (IOException e) {
      return; // the relay has ended; what the other side got tells the rest
    }
  }

  private void write() {
    try {
      while (!socket.isClosed()) {
        sending.take().run();
        synchronized (this) {
          idle = sending.isEmpty();
          notifyAll();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until all that was sent is on its way. */
  void awaitSent() {
    await(() -> idle, "its output to be taken");
  }

  /** The reset is on its way only once the reader has let go of the descriptor. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    awaitEnd();
  }

  // --- receiving

  synchronized void stall(boolean newStalled) {
    stalled = newStalled;
    notifyAll();
  }

  synchronized boolean isStalled() {
    return stalled;
  }

  synchronized long sent() {
    return sent;
  }

  synchronized long received() {
    return received;
  }

  /** How its input has ended: "end", "reset", or nothing yet. */
  synchronized String ended() {
    return end;
  }

  /** Where the first byte is that nobody sent so, −1 for nowhere. */
  synchronized long firstWrong() {
    return firstWrong;
  }

  void awaitReceived(long bytes) {
    await(() -> received >= bytes || !end.isEmpty(), bytes + " bytes");
    if (received() < bytes) {
      throw new AssertionError("input over (" + ended() + ") after " + received() + " of " + bytes);
    }
  }

  void awaitEnd() {
    await(() -> !end.isEmpty(), "the end of its input");
  }

  private synchronized void await(BooleanSupplier condition, String what) {
    long limit = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      long left = (limit - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "waited in vain for " + what + "; received " + received + ", " + end);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void read() {
    byte[] block = new byte[BLOCK];
    String ending;
    try {
      int n;
      while ((n = socket.getInputStream().read(block)) >= 0) {
        take(block, n);
      }
      ending = "end";
    } catch (IOException e) {
      ending = "reset";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ending = "interrupted";
    }
    synchronized (this) {
      end = ending;
      notifyAll();
    }
  }

  private synchronized void take(byte[] block, int n) throws InterruptedException {
    while (stalled) {
      wait();
    }
    for (int i = 0; i < n && firstWrong < 0; i++) {
      if (block[i] != at(expectedPattern, received + i)) {
        firstWrong = received + i;
      }
    }
    received += n;
    notifyAll();
  }

  @Override
  public void close() {
    try {
      stall(false);
      socket.close();
      sending.add(() -> {});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
