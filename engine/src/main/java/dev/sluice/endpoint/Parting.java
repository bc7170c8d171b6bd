package dev.sluice.endpoint;

import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Parts from the peer of a connection so that all that was written to it arrives.
 *
 * <p>A TCP socket that is closed while bytes of its peer lie unread sends a reset (RFC 1122,
 * 4.2.2.13), and a reset throws away what still waits to go out. So the end of data is sent first,
 * what the peer sends and nobody wants is read away, and the socket is closed when the peer's host
 * has taken everything. A program gets SIGTERM when its endpoint closes, so it must have read
 * everything before.
 *
 * <p>Never blocks: {@link #step} does what can be done at once. Not thread-safe.
 */
public final class Parting {
  private static final int BLOCK = 16 * 1024;

  /** Reads of one step, so that a peer that never stops sending can't hold the thread. */
  private static final int READS = 64;

  /** Where bytes go that nobody wants. */
  private static final ThreadLocal<NativeBuffer> MEMORY =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(BLOCK));

  /** How long a terminal may be read by nobody. */
  private static final long TERMINAL_PATIENCE = TimeUnit.SECONDS.toNanos(1);

  /** Looks that must find a terminal read empty: what it holds back follows a moment later. */
  private static final int TERMINAL_LOOKS = 3;

  private final Endpoint endpoint;
  private final boolean terminal;
  private int emptyLooks;
  private boolean outputEnded;
  private long waiting;
  private long progress = System.nanoTime();

  public Parting(Endpoint endpoint) {
    this.endpoint = endpoint;
    FdWriter writer = endpoint.writer();
    this.terminal = writer != null && writer.unread() >= 0;
  }

  /** Whether closing an endpoint at once could lose what was written to it. */
  public static boolean isNeeded(Endpoint endpoint) {
    return endpoint.writer() != null
        && endpoint.isPollable()
        && endpoint.boundary() == Boundary.STREAM
        && !endpoint.isClosed();
  }

  /** Does what can be done without waiting; returns whether the endpoint may be closed now. */
  public boolean step() {
    FdWriter writer = endpoint.writer();
    if (writer == null || writer.fd().isClosed()) {
      return true;
    }
    if (!outputEnded && isDone(writer)) {
      return true;
    }
    int flushed = outputEnded ? writer.flush() : endOutput(writer);
    if (flushed < 0 && flushed != -Errno.EAGAIN) {
      return true;
    }
    if (endpoint.isSocket()) {
      if (!readAway(writer.fd())) {
        return true;
      }
    } else {
      readAway(endpoint);
    }
    note(flushed < 0 ? Long.MAX_VALUE : untaken(writer));
    emptyLooks = waiting == 0 ? emptyLooks + 1 : 0;
    return emptyLooks >= (terminal ? TERMINAL_LOOKS : 1);
  }

  /**
   * Whether the peer's host has all that was written, and nothing of the peer lies unread. Closing
   * loses nothing then, and a socket that is closed before its peer's end of data leaves no entry
   * in TIME-WAIT, which later connects would have to step over.
   */
  private boolean isDone(FdWriter writer) {
    return endpoint.isSocket()
        && endpoint.halfClose() != HalfClose.FAREWELL
        && writer.flush() == 0
        && untaken(writer) == 0
        && LibC.readable(writer.fd().number()) == 0;
  }

  /** Sees how much waits for the peer, and changes nothing. */
  public void look() {
    FdWriter writer = endpoint.writer();
    note(writer == null || writer.fd().isClosed() ? 0 : untaken(writer));
  }

  private void note(long now) {
    if (now != waiting) {
      waiting = now;
      progress = System.nanoTime();
    }
  }

  /** Sends the end of data, behind what the writer holds back. */
  private int endOutput(FdWriter writer) {
    boolean farewell = endpoint.halfClose() == HalfClose.FAREWELL;
    if (farewell) {
      writer.end();
    }
    int flushed = writer.flush();
    if (flushed == 0) {
      outputEnded = true;
      if (endpoint.isSocket() && (farewell || endpoint.halfClose() == HalfClose.SHUTDOWN)) {
        SocketCalls.shutdown(writer.fd().number(), SocketCalls.SHUT_WR);
      }
    }
    return flushed;
  }

  /**
   * Reads and drops the output of a program: a program that is blocked on its output does not read
   * its input. Does nothing for other peers.
   */
  public static void readAway(Endpoint endpoint) {
    FdReader reader = endpoint.reader();
    if (!endpoint.children().isEmpty() && endpoint.isPollable() && reader != null) {
      readAway(reader.fd());
    }
  }

  /** Reads what nobody wants; false when the peer has ended the connection. */
  private static boolean readAway(Fd fd) {
    NativeBuffer memory = MEMORY.get();
    for (int i = 0; i < READS; i++) {
      int n = LibC.read(fd.number(), memory, 0, BLOCK);
      if (n == -Errno.EAGAIN) {
        return true;
      }
      if (n <= 0) {
        return false;
      }
    }
    return true;
  }

  /** Bytes that wait for the peer, where closing would lose them. */
  private long untaken(FdWriter writer) {
    if (terminal) {
      return Math.max(0, writer.unread());
    }
    Fd fd = writer.fd();
    if (!endpoint.isTcp() && endpoint.children().isEmpty()) {
      return 0; // a UNIX peer has them already
    }
    return endpoint.isSocket() ? LibC.untaken(fd.number()) : LibC.readable(fd.number());
  }

  /**
   * Whether the peer has taken nothing for so long that it is given up; a terminal is given up
   * earlier.
   */
  public boolean isGivenUp(Duration patience) {
    long limit = patience.toNanos();
    return idleNanos() > (terminal ? Math.min(limit, TERMINAL_PATIENCE) : limit);
  }

  /** Nanoseconds since the peer took something. */
  public long idleNanos() {
    return System.nanoTime() - progress;
  }

  /** Bytes that the peer, a program, had not read when last looked at; 0 of other peers. */
  public long unread() {
    return endpoint.children().isEmpty() || waiting == Long.MAX_VALUE ? 0 : waiting;
  }
}
