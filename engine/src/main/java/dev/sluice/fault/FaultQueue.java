package dev.sluice.fault;

import dev.sluice.fault.Fault.Kind;
import dev.sluice.pace.Pace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one direction's data under faults, and when. Blocks go in, pieces come out, each
 * at its time. Times are nanoseconds of any clock that only grows. Holds at most {@link #MOST}
 * bytes and one block. Not thread-safe.
 */
public final class FaultQueue {
  /** Bytes that are held back at once; a source whose data are late waits behind them. */
  public static final int MOST = 1 << 20;

  private static final double SECOND = 1e9;

  /** A rate is kept by that many pieces a second. */
  private static final long RATE_PIECES = 100;

  /** Data that are read before a rate has room for them, as time. */
  private static final double AHEAD = SECOND / 10;

  /** How long a datagram waits for one that overtakes it. */
  private static final long OVERTAKEN = Duration.ofMillis(100).toNanos();

  /** What is to be done next. */
  public sealed interface Step {
    /** Write this piece. */
    record Give(byte[] bytes, int from, int length) implements Step {}

    /** Look again after that many nanoseconds, or when something comes in. */
    record Await(long nanos) implements Step {
      static final Await INPUT = new Await(Long.MAX_VALUE);
    }

    /** The data end here. */
    enum End implements Step {
      NOW
    }

    /** The session is broken. */
    record Reset(Fault by) implements Step {}
  }

  private record Piece(byte[] bytes, int from, int length, long due) {
    Piece at(long other) {
      return new Piece(bytes, from, length, other);
    }
  }

  private final boolean datagrams;
  private final SplittableRandom random;
  private final long begun;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private List<Fault> faults = List.of();
  private @Nullable Piece overtaken;
  private long held;
  private long given;
  private long lastDue;
  private final Pace pace = new Pace(0);
  private long endDue = Long.MAX_VALUE;

  /**
   * Makes an empty one.
   *
   * @param datagrams whether a block is a datagram, which is not taken apart
   * @param now when the session began to move data
   */
  public FaultQueue(boolean datagrams, SplittableRandom random, long now) {
    this.datagrams = datagrams;
    this.random = random;
    this.begun = now;
    this.lastDue = now;
  }

  /** These hold from now on. What others have held back is let go. */
  public void use(List<Fault> next, long now) {
    faults = next;
    lastDue = now;
    Fault rate = smallest(Kind.RATE);
    pace.change(0);
    pace.change(rate == null ? 0 : rate.bytes());
    Piece[] early = pieces.toArray(new Piece[0]);
    pieces.clear();
    for (Piece piece : early) {
      pieces.add(piece.at(now));
    }
    if (overtaken != null) {
      pieces.add(overtaken.at(now));
      overtaken = null;
    }
    if (isEnded()) {
      endDue = now;
    }
  }

  private boolean isEnded() {
    return endDue != Long.MAX_VALUE;
  }

  /** Bytes that are held back. */
  public long held() {
    return held;
  }

  /** Whether another block may come in. */
  public boolean hasRoom() {
    if (held == (overtaken == null ? 0 : overtaken.length)) {
      return true; // also so that something can overtake
    }
    double delay = 0;
    double rate = Double.MAX_VALUE;
    for (Fault fault : faults) {
      if (fault.kind() == Kind.LATENCY) {
        delay += fault.time().plus(fault.jitter()).toNanos();
      } else if (fault.kind() == Kind.RATE) {
        rate = Math.min(rate, (double) fault.bytes());
      }
    }
    if (rate < Double.MAX_VALUE) {
      delay += AHEAD; // or each block would come a little late
    }
    return delay > 0 && held < Math.min(MOST, rate * delay / SECOND);
  }

  // --- in

  /** A block came in; it is the queue's own from now on. */
  public void add(byte[] block, long now) {
    if (!datagrams) {
      slice(block, now);
      return;
    }
    if (strikes(Kind.LOSS)) {
      return;
    }
    byte[] content = strikes(Kind.CORRUPT) ? corrupted(block) : block;
    boolean isOvertaken = overtaken == null && strikes(Kind.REORDER);
    Piece piece = scheduled(content, 0, content.length, now, 0);
    held += content.length;
    if (isOvertaken) {
      overtaken = piece.at(piece.due + OVERTAKEN);
      return;
    }
    pieces.add(piece);
    if (overtaken != null) {
      pieces.add(overtaken.at(piece.due));
      overtaken = null;
    }
    if (strikes(Kind.DUP)) {
      held += content.length;
      pieces.add(piece);
    }
  }

  private boolean strikes(Kind kind) {
    for (Fault fault : faults) {
      if (fault.kind() == kind && random.nextDouble() < fault.share()) {
        return true;
      }
    }
    return false;
  }

  private byte[] corrupted(byte[] block) {
    byte[] other = block.clone();
    if (other.length > 0) {
      other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return other;
  }

  private void slice(byte[] block, long now) {
    Fault slices = smallest(Kind.SLICE);
    Fault rate = smallest(Kind.RATE);
    int most =
        rate == null
            ? block.length
            : (int) Math.min(block.length, Math.max(1, rate.bytes() / RATE_PIECES));
    int at = 0;
    while (at < block.length) {
      long size = slices == null ? most : Math.min(most, around(slices.bytes(), slices.spread()));
      int length = (int) Math.min(size, block.length - at);
      long pause = slices == null || given + held == 0 ? 0 : slices.time().toNanos();
      pieces.add(scheduled(block, at, length, now, pause));
      held += length;
      at += length;
    }
  }

  private long around(long middle, long spread) {
    return spread == 0 ? middle : random.nextLong(middle - spread, middle + spread + 1);
  }

  private @Nullable Fault smallest(Kind kind) {
    Fault smallest = null;
    for (Fault fault : faults) {
      if (fault.kind() == kind && (smallest == null || fault.bytes() < smallest.bytes())) {
        smallest = fault;
      }
    }
    return smallest;
  }

  /** A piece with its time: after the latency, behind the piece before, as fast as the rate is. */
  private Piece scheduled(byte[] block, int from, int length, long now, long pause) {
    long due = now;
    for (Fault fault : faults) {
      if (fault.kind() == Kind.LATENCY) {
        due += around(fault.time().toNanos(), fault.jitter().toNanos());
      }
    }
    due = Math.max(due, lastDue + pause);
    due = pace.book(length, due);
    lastDue = due;
    return new Piece(block, from, length, due);
  }

  /** The source has nothing more. */
  public void end(long now) {
    long slow = 0;
    for (Fault fault : faults) {
      if (fault.kind() == Kind.SLOW_CLOSE) {
        slow += fault.time().toNanos();
      }
    }
    if (overtaken != null) {
      pieces.add(overtaken.at(lastDue));
      overtaken = null;
    }
    endDue = Math.max(now, lastDue) + slow;
  }

  // --- out

  /**
   * What is to be done now.
   *
   * @param wanted whether a piece could be written now
   */
  public Step next(long now, boolean wanted) {
    long look = Long.MAX_VALUE;
    long most = Long.MAX_VALUE;
    boolean stalls = false;
    for (Fault fault : faults) {
      boolean isReset = fault.kind() == Kind.RESET;
      if (!isReset && fault.kind() != Kind.CUT && fault.kind() != Kind.STALL) {
        continue;
      }
      long missing = begun + fault.after().time().toNanos() - now;
      long left = fault.after().bytes() - given;
      if (missing > 0) {
        look = Math.min(look, missing);
      } else if (left > 0) {
        most = Math.min(most, left);
      } else if (isReset) {
        return new Step.Reset(fault);
      } else if (fault.kind() == Kind.CUT) {
        return Step.End.NOW;
      } else {
        stalls = true;
      }
    }
    Step step = stalls ? Step.Await.INPUT : due(now, wanted, most);
    return step instanceof Step.Await wait && look < wait.nanos ? new Step.Await(look) : step;
  }

  private Step due(long now, boolean wanted, long most) {
    if (pieces.isEmpty() && overtaken != null) {
      if (overtaken.due > now) {
        return new Step.Await(overtaken.due - now);
      }
      pieces.add(overtaken);
      overtaken = null;
    }
    Piece piece = pieces.peek();
    if (piece == null) {
      return !isEnded()
          ? Step.Await.INPUT
          : endDue <= now ? Step.End.NOW : new Step.Await(endDue - now);
    } else if (piece.due > now) {
      return new Step.Await(piece.due - now);
    } else if (!wanted) {
      return Step.Await.INPUT;
    }
    pieces.remove();
    int length = (int) Math.min(piece.length, most);
    if (length < piece.length) {
      pieces.addFirst(
          new Piece(piece.bytes, piece.from + length, piece.length - length, piece.due));
    }
    held -= length;
    given += length;
    return new Step.Give(piece.bytes, piece.from, length);
  }
}
