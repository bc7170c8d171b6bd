package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Reads a block and writes it, through the driver's memory. Allocates only when the destination has
 * no room for a whole block.
 */
class CopyPump implements Pump {
  final FdReader in;
  final FdWriter out;
  private final int blockSize;
  final int shownBlock;
  private long remaining;
  private long bytes;
  private long blocks;
  private @Nullable Block held;
  private int heldFrom;
  private int heldTo;

  /**
   * Makes a pump.
   *
   * @param blockSize bytes moved at once
   * @param shownBlock bytes that error messages speak of
   * @param limit bytes after which the data counts as ended; 0 for none
   */
  CopyPump(FdReader in, FdWriter out, int blockSize, int shownBlock, long limit) {
    this.in = in;
    this.out = out;
    this.blockSize = blockSize;
    this.shownBlock = shownBlock;
    this.remaining = limit == 0 ? Long.MAX_VALUE : limit;
  }

  @Override
  public Step step(Block scratch) {
    if (held != null) {
      return flush(held);
    }
    if (isExhausted()) {
      return Step.END;
    }
    if (!out.acceptsData()) {
      return Step.WANTS_OUTPUT;
    }
    int wanted = (int) Math.min(out.fitting(Math.min(blockSize, scratch.size())), remaining);
    int n = in.read(scratch.address(), wanted);
    if (n > 0) {
      remaining -= n;
      boolean emptied = n < wanted && in.shortReadMeansEmpty() && !in.hasBuffered();
      return write(scratch, n, emptied ? Step.MOVED_ALL : Step.MOVED);
    }
    if (n == 0) {
      return Step.END;
    }
    if (n == -Errno.EAGAIN) {
      return Step.WANTS_INPUT;
    }
    throw EndpointFailure.read(in, scratch.address(), Math.min(wanted, shownBlock), -n);
  }

  /** Writes the first {@code length} bytes; keeps what has no room. */
  final Step write(Block block, int length, Step whenWritten) {
    int done = 0;
    do {
      int n = out.write(block.address() + done, length - done);
      if (n == -Errno.EAGAIN) {
        hold(block, done, length);
        return Step.WANTS_OUTPUT;
      }
      if (n < 0) {
        hold(block, done, length);
        throw EndpointFailure.write(out, block.address(), Math.min(length - done, shownBlock), -n);
      }
      done += n;
      bytes += n;
    } while (done < length);
    blocks++;
    return orEnd(whenWritten);
  }

  /** Whether the limit has been read, so that the data counts as ended once all is written. */
  boolean isExhausted() {
    return remaining == 0;
  }

  /** What a step came to after which nothing is held: the data may have reached its limit. */
  final Step orEnd(Step step) {
    return isExhausted() ? Step.END : step;
  }

  private void hold(Block block, int from, int to) {
    if (held == null) {
      held = new Block(to - from);
      held.copyFrom(block, from, to - from);
      heldFrom = 0;
      heldTo = to - from;
    } else {
      heldFrom = from;
    }
  }

  private Step flush(Block block) {
    while (heldFrom < heldTo) {
      int n = out.write(block.address() + heldFrom, heldTo - heldFrom);
      if (n == -Errno.EAGAIN) {
        return Step.WANTS_OUTPUT;
      }
      if (n < 0) {
        throw EndpointFailure.write(
            out, block.address(), Math.min(heldTo - heldFrom, shownBlock), -n);
      }
      heldFrom += n;
      bytes += n;
    }
    held = null;
    blocks++;
    return orEnd(Step.MOVED);
  }

  /** Bytes until the data counts as ended. */
  final long remaining() {
    return remaining;
  }

  /** Counts bytes that went another way than through {@link #step}. */
  final void countRead(long n) {
    remaining -= n;
  }

  /** Counts bytes that went another way than through {@link #step}. */
  final void countWritten(long n) {
    bytes += n;
    blocks++;
  }

  @Override
  public boolean holdsBytes() {
    return held != null;
  }

  @Override
  public long release() {
    long lost = held == null ? 0 : heldTo - heldFrom;
    held = null;
    return lost;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long blocks() {
    return blocks;
  }

  @Override
  public String plan() {
    return "copy";
  }
}
