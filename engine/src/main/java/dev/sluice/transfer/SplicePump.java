package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.LibC;
import dev.sluice.os.PipePool;
import org.jspecify.annotations.Nullable;

/**
 * Moves bulk data from descriptor to descriptor inside the kernel, through a pipe: see splice(2).
 *
 * <p>Starts as a {@link CopyPump}, which needs fewer calls for little data. Turns to splicing when
 * reads are large for a while, and back when splices come out small. The pipe is held only while
 * bytes are in it. When the kernel can't splice one of the descriptors, whatever is in the pipe is
 * copied out, and the pump copies from then on.
 */
final class SplicePump extends CopyPump {
  /** Bytes at once, as an average of the last few times, from which splicing is cheaper. */
  private static final int LARGE = 32 * 1024;

  /** Below this it is not. */
  private static final int SMALL = 16 * 1024;

  /** What counts of one piece at most: a giant is not to outweigh what follows. */
  private static final int LARGEST = 64 * 1024;

  private static final int MEMORY = 8;

  /**
   * Times that an empty source is asked before it is waited for, while that finds more: pieces
   * become larger, and nobody has to wake us.
   */
  private static final int MOST_LOOKS = 8;

  /** While it finds nothing. */
  private static final int FEWEST_LOOKS = 2;

  private static final int FLAGS = LibC.SPLICE_F_MOVE | LibC.SPLICE_F_NONBLOCK;

  private enum Mode {
    COPY,
    SPLICE,
    /** The destination can't be spliced into: empty the pipe by hand, then copy for good. */
    EMPTY_PIPE,
    COPY_FOR_GOOD
  }

  private final PipePool pipes;
  private Mode mode = Mode.COPY;
  private int average;
  private PipePool.@Nullable Pipe pipe;
  private long inPipe;
  private int looks = MOST_LOOKS;
  private int looksLeft;

  SplicePump(FdReader in, FdWriter out, int blockSize, int shownBlock, long limit, PipePool pipes) {
    super(in, out, blockSize, shownBlock, limit, true, HeldMemory.OF_PROCESS);
    this.pipes = pipes;
  }

  @Override
  public Step step(Block scratch) {
    return switch (mode) {
      case COPY -> copy(scratch);
      case SPLICE -> splice(scratch);
      case EMPTY_PIPE -> emptyPipe(scratch);
      case COPY_FOR_GOOD -> super.step(scratch);
    };
  }

  private Step copy(Block scratch) {
    long before = remaining();
    Step step = super.step(scratch);
    long read = before - remaining();
    if (read > 0) {
      average(read);
    }
    if (average > LARGE && !super.holdsBytes()) {
      mode = Mode.SPLICE;
    }
    return step;
  }

  /** Takes note of how much there was at once. */
  private void average(long bytes) {
    average += ((int) Math.min(bytes, LARGEST) - average) / MEMORY;
  }

  private Step splice(Block scratch) {
    if (super.holdsBytes()) {
      return super.step(scratch);
    }
    if (inPipe == 0) {
      Step filled = fill(scratch);
      if (filled != Step.MOVED) {
        return filled;
      }
    }
    return inPipe == 0 ? Step.MOVED : empty(scratch);
  }

  /** Splices from the source into the pipe; MOVED means that the caller may go on. */
  private Step fill(Block scratch) {
    if (isExhausted()) {
      return Step.END;
    }
    PipePool.Pipe borrowed = pipe != null ? pipe : pipes.borrow();
    if (borrowed == null) {
      mode = Mode.COPY;
      average = 0;
      return Step.MOVED;
    }
    pipe = borrowed;
    int fd = in.fd().number();
    long wanted = Math.min(borrowed.capacity(), remaining());
    long n = LibC.splice(fd, borrowed.writeEnd(), wanted, FLAGS);
    if (n > 0) {
      inPipe = n;
      countRead(n);
      average(n);
      if (looksLeft > 0 && looksLeft < looks) {
        looks = MOST_LOOKS;
      }
      looksLeft = looks;
      return Step.MOVED;
    }
    giveBack();
    if (n == 0) {
      return readAsWell(scratch);
    }
    if (n == -Errno.EAGAIN) {
      if (looksLeft > 0 && --looksLeft == 0) {
        looks = Math.max(looks / 2, FEWEST_LOOKS);
      }
      return looksLeft > 0 ? Step.WANTS_INPUT : readAsWell(scratch);
    }
    if (n == -Errno.EINVAL || n == -Errno.ENOSYS) {
      mode = Mode.COPY_FOR_GOOD;
      return Step.MOVED;
    }
    throw EndpointFailure.read(in, scratch.address(), shownBlock, (int) -n);
  }

  /**
   * What splice(2) finds empty, or at its end, is read as well: splice(2) does not get past TCP's
   * urgent byte, read(2) leaves it out and goes on behind it.
   */
  private Step readAsWell(Block scratch) {
    long before = remaining();
    Step step = super.step(scratch);
    long read = before - remaining();
    if (read > 0) {
      average(read);
    }
    return step;
  }

  /** Splices from the pipe to the destination. */
  private Step empty(Block scratch) {
    PipePool.Pipe from = java.util.Objects.requireNonNull(pipe);
    int fd = out.fd().number();
    while (inPipe > 0) {
      long n = LibC.splice(from.readEnd(), fd, inPipe, FLAGS);
      if (n == -Errno.EAGAIN) {
        return Step.WANTS_OUTPUT;
      }
      if (n == -Errno.EINVAL) {
        mode = Mode.EMPTY_PIPE;
        return Step.MOVED;
      }
      if (n < 0) {
        throw EndpointFailure.write(
            out, scratch.address(), (int) Math.min(inPipe, shownBlock), (int) -n);
      }
      inPipe -= n;
      countWritten(n);
    }
    giveBack();
    if (average < SMALL) {
      mode = Mode.COPY;
    }
    return orEnd(Step.MOVED);
  }

  @Override
  boolean isExhausted() {
    return super.isExhausted() && inPipe == 0;
  }

  private Step emptyPipe(Block scratch) {
    if (super.holdsBytes()) {
      return super.step(scratch);
    }
    if (inPipe == 0) {
      giveBack();
      mode = Mode.COPY_FOR_GOOD;
      return Step.MOVED;
    }
    int n =
        LibC.read(
            java.util.Objects.requireNonNull(pipe).readEnd(),
            scratch.address(),
            (int) Math.min(scratch.size(), inPipe));
    if (n <= 0) {
      throw EndpointFailure.read(in, scratch.address(), shownBlock, -n);
    }
    inPipe -= n;
    return write(scratch, n, Step.MOVED);
  }

  /** What is bulk goes on. */
  @Override
  public boolean expectsMore() {
    return mode == Mode.SPLICE && looksLeft > 0;
  }

  private void giveBack() {
    if (pipe != null) {
      pipes.giveBack(pipe);
      pipe = null;
    }
  }

  @Override
  public boolean holdsBytes() {
    return inPipe > 0 || super.holdsBytes();
  }

  @Override
  public long release() {
    long lost = inPipe + super.release();
    if (pipe != null) {
      if (inPipe > 0) {
        pipes.discard(pipe);
      } else {
        pipes.giveBack(pipe);
      }
      pipe = null;
      inPipe = 0;
    }
    return lost;
  }

  @Override
  public String plan() {
    return mode == Mode.SPLICE ? "splice" : "copy";
  }
}
