package dev.sluice.os;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Pipes for splice(2), lent to a transfer only while bytes are in them. Thread-safe.
 *
 * <p>A pipe is as large as the system grants up to the wanted size; when the user's share of pipe
 * memory is used up the kernel refuses, and the pipe keeps its default size. A few empty pipes are
 * kept for the next borrower, the others are closed. What may be in all pipes that are lent has a
 * limit: the kernel has none for root, and peers that do not read keep theirs full. See pipe(7).
 */
public final class PipePool implements AutoCloseable {
  /** Both ends of one pipe. */
  public static final class Pipe {
    private final Fd read;
    private final Fd write;
    private final int capacity;

    private Pipe(Fd read, Fd write, int capacity) {
      this.read = read;
      this.write = write;
      this.capacity = capacity;
    }

    public int readEnd() {
      return read.number();
    }

    public int writeEnd() {
      return write.number();
    }

    /** Bytes that fit. */
    public int capacity() {
      return capacity;
    }

    private void close() {
      read.close();
      write.close();
    }
  }

  private final int wantedSize;
  private final int keep;
  private final long most;
  private final AtomicLong lent = new AtomicLong();
  private final ArrayDeque<Pipe> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * Makes an empty pool.
   *
   * @param wantedSize bytes asked for in each pipe
   * @param keep idle pipes that stay open
   * @param most bytes that may be in all pipes that are lent
   */
  public PipePool(int wantedSize, int keep, long most) {
    this.wantedSize = wantedSize;
    this.keep = keep;
    this.most = most;
  }

  /**
   * An empty pipe, or null when the process has no descriptors left for one, or has lent as many as
   * it may.
   */
  public @Nullable Pipe borrow() {
    if (lent.get() >= most) {
      return null;
    }
    Pipe pipe = emptyPipe();
    if (pipe != null) {
      lent.addAndGet(pipe.capacity());
    }
    return pipe;
  }

  private @Nullable Pipe emptyPipe() {
    synchronized (idle) {
      Pipe pipe = idle.poll();
      if (pipe != null) {
        return pipe;
      }
    }
    try {
      Fd[] ends = LibC.pipe(OpenFlags.NONBLOCK);
      int size = LibC.fcntl(ends[1].number(), LibC.F_SETPIPE_SZ, wantedSize);
      if (size < 0) {
        size = LibC.fcntl(ends[1].number(), LibC.F_GETPIPE_SZ, 0);
      }
      return new Pipe(ends[0], ends[1], size);
    } catch (NativeError e) {
      if (Errno.isDescriptorLimit(e.errno())) {
        return null;
      }
      throw e;
    }
  }

  /** Takes an empty pipe back. */
  public void giveBack(Pipe pipe) {
    lent.addAndGet(-pipe.capacity());
    synchronized (idle) {
      if (!closed && idle.size() < keep) {
        idle.push(pipe);
        return;
      }
    }
    pipe.close();
  }

  /** Closes a pipe that still holds bytes, which are lost. */
  public void discard(Pipe pipe) {
    lent.addAndGet(-pipe.capacity());
    pipe.close();
  }

  /** Keeps no pipe from now on; those that are lent are closed when they come back. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Pipe::close);
      idle.clear();
    }
  }
}
