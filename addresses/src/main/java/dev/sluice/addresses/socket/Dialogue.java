package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.option.Options;
import dev.sluice.option.ProxyOptions;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.ReadinessWait;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a non-blocking socket before data flows, on a thread that may block: each call
 * waits for the peer, but all of them together no longer than a limit. Reads no byte more than was
 * asked for, so what follows belongs to the data. A {@link #cancel()} from any thread ends it.
 */
public final class Dialogue implements AutoCloseable {
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);
  private static final long LOOK_AROUND = 200;

  private final Fd fd;
  private final Duration limit;
  private final long deadline;
  private final BooleanSupplier abandoned;
  private final ReadinessWait wait = new ReadinessWait();
  private @Nullable NativeBuffer single;

  /** The peer did not say what was waited for, or nobody waits any more. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ended;

    private Broken(String message, boolean ended) {
      super(message, null, false, false);
      this.ended = ended;
    }

    /** Whether the peer has ended the connection, rather than kept silent. */
    public boolean isEnd() {
      return ended;
    }
  }

  /**
   * Starts a dialogue.
   *
   * @param limit time for all of it
   * @param abandoned whether nobody wants its result any more
   */
  public Dialogue(Fd fd, Duration limit, BooleanSupplier abandoned) {
    this.fd = fd;
    this.limit = limit;
    this.deadline = System.nanoTime() + limit.toNanos();
    this.abandoned = abandoned;
  }

  /** On the socket of an address that has just been connected. */
  public static Dialogue on(Endpoint endpoint, OpenContext context) {
    return new Dialogue(fdOf(endpoint), limit(context.options()), context.abandoned());
  }

  /** The endpoint's one descriptor. */
  public static Fd fdOf(Endpoint endpoint) {
    FdReader reader = endpoint.reader();
    FdWriter writer = endpoint.writer();
    if (reader != null) {
      return reader.fd();
    } else if (writer != null) {
      return writer.fd();
    }
    throw new IllegalArgumentException("an endpoint without descriptor");
  }

  /** The time that options give to a dialogue: their own, that of the connection, or 30 seconds. */
  public static Duration limit(Options options) {
    return options
        .find(ProxyOptions.HANDSHAKE_TIMEOUT)
        .orElseGet(() -> options.get(SocketOptions.CONNECT_TIMEOUT, DEFAULT_LIMIT));
  }

  public Fd fd() {
    return fd;
  }

  /**
   * Reads what there is, up to {@code length} bytes, waiting for the first.
   *
   * @return bytes read, 0 at the end of data
   */
  public int read(long buffer, int length) {
    while (true) {
      int n = LibC.read(fd.number(), buffer, length);
      if (n != -Errno.EAGAIN) {
        return LibC.check(n, "read(" + fd + ")");
      }
      await(millis -> wait.awaitInput(fd.number(), millis));
    }
  }

  /** As {@link #read}, giving up after a part of the time; −1 when nothing came by then. */
  public int read(long buffer, int length, Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      int n = LibC.read(fd.number(), buffer, length);
      if (n != -Errno.EAGAIN) {
        return LibC.check(n, "read(" + fd + ")");
      }
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (left <= 0) {
        return -1;
      }
      await(millis -> wait.awaitInput(fd.number(), (int) Math.min(millis, left)));
    }
  }

  /** Reads exactly that many bytes. */
  public byte[] receive(int count) {
    NativeBuffer buffer = NativeBuffer.allocate(count);
    for (int done = 0; done < count; ) {
      int n = read(buffer.address() + done, count - done);
      if (n == 0) {
        throw new Broken("connection closed by peer", true);
      }
      done += n;
    }
    return buffer.toArray(0, count);
  }

  /** Reads one byte, 0 to 255. */
  public int receiveByte() {
    NativeBuffer buffer = single;
    if (buffer == null) {
      buffer = NativeBuffer.allocate(1);
      single = buffer;
    }
    if (read(buffer.address(), 1) == 0) {
      throw new Broken("connection closed by peer", true);
    }
    return NativeBuffer.byteAt(buffer.address());
  }

  /** Writes all of it. */
  public void send(byte[] content) {
    NativeBuffer buffer = NativeBuffer.of(content);
    write(buffer.address(), content.length);
    Reference.reachabilityFence(buffer);
  }

  /** Writes all of it. */
  public void write(long buffer, int length) {
    for (int done = 0; done < length; ) {
      int n = LibC.write(fd.number(), buffer + done, length - done);
      if (n == -Errno.EAGAIN) {
        await(millis -> wait.awaitOutput(fd.number(), millis));
      } else if (n < 0) {
        throw new NativeError("write(" + fd + ")", -n);
      } else {
        done += n;
      }
    }
  }

  @FunctionalInterface
  private interface Wait {
    ReadinessWait.Result atMost(int millis);
  }

  private void await(Wait once) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw new Broken(
          String.format("no answer within %.1f seconds", limit.toMillis() / 1000.0), false);
    }
    if (abandoned.getAsBoolean() || wait.isCancelled()) {
      throw new Broken("cancelled", false);
    }
    once.atMost((int) Math.min(left + 1, LOOK_AROUND));
  }

  /** Ends it. Any thread. */
  public void cancel() {
    wait.cancel();
  }

  @Override
  public void close() {
    wait.close();
  }
}
