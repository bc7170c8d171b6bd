package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.ReadinessWait;
import org.jspecify.annotations.Nullable;

/**
 * Reads a block and writes it, through the driver's memory. Allocates only when the destination has
 * no room for a whole block; while {@link HeldMemory} is short, a source is read only when its
 * destination has room, and a stream in small pieces.
 */
class CopyPump implements Pump {
  /** Fits into what is writable, as a rule: PIPE_BUF, see pipe(7). */
  private static final int PIECE = 4096;

  final FdReader in;
  final FdWriter out;
  private final int blockSize;
  private final int blockWhenShort;
  private final HeldMemory memory;
  final int shownBlock;
  private long remaining;
  private long bytes;
  private long blocks;
  private @Nullable Block held;
  private int heldFrom;
  private int heldTo;

  /**
   * Makes a pump for messages, which are read whole.
   *
   * @param blockSize bytes moved at once
   * @param shownBlock bytes that error messages speak of
   * @param limit bytes after which the data counts as ended; 0 for none
   */
  CopyPump(FdReader in, FdWriter out, int blockSize, int shownBlock, long limit) {
    this(in, out, blockSize, shownBlock, limit, false, HeldMemory.OF_PROCESS);
  }

  /**
   * As the other one.
   *
   * @param anyPieces whether the data are a stream, of which less than a block may be read
   */
  CopyPump(
      FdReader in,
      FdWriter out,
      int blockSize,
      int shownBlock,
      long limit,
      boolean anyPieces,
      HeldMemory memory) {
    this.blockWhenShort = anyPieces ? Math.min(blockSize, PIECE) : blockSize;
    this.memory = memory;
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
    int most = blockSize;
    if (memory.isShort()) {
      if (!ReadinessWait.hasRoomNow(out.fd().number())) {
        return Step.WANTS_OUTPUT;
      }
      most = blockWhenShort;
    }
    int wanted = (int) Math.min(out.fitting(Math.min(most, scratch.size())), remaining);
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
      memory.take(to - from);
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
    letGo();
    blocks++;
    return orEnd(Step.MOVED);
  }

  private void letGo() {
    if (held != null) {
      held = null;
      memory.giveBack(heldTo);
    }
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
    letGo();
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
