package dev.sluice.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads no more than the test allows; what it does not read stays in the kernel's buffers, then in
 * those of the relay's source.
 */
public final class SlowReader implements Service {
  private final Semaphore allowed = new Semaphore(0);
  private final AtomicLong received = new AtomicLong();
  private final CompletableFuture<Long> ended = new CompletableFuture<>();

  /** Lets it read that many bytes more. */
  public void allow(int bytes) {
    allowed.release(bytes);
  }

  /** Bytes read so far. */
  public long received() {
    return received.get();
  }

  /** Bytes read in all, once the end was seen. */
  public CompletableFuture<Long> ended() {
    return ended;
  }

  @Override
  public void serve(Socket connection) throws IOException {
    try {
      InputStream in = connection.getInputStream();
      byte[] block = new byte[65536];
      while (true) {
        allowed.acquire();
        int more = Math.min(allowed.availablePermits(), block.length - 1);
        int wanted = 1 + (more > 0 && allowed.tryAcquire(more) ? more : 0);
        int n = in.read(block, 0, wanted);
        if (n < 0) {
          ended.complete(received.get());
          return;
        }
        received.addAndGet(n);
        allowed.release(wanted - n);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      ended.completeExceptionally(e);
      throw e;
    }
  }
}
