package dev.sluice.os;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A pipe of a {@link PipePool} has one borrower, and none is left open. */
final class PipePoolRaces {
  private static final int SIZE = 4096;

  private PipePoolRaces() {}

  /** A pipe, and a copy of its end for reading that tells when nobody can write any more. */
  private static final class Watched {
    final PipePool.Pipe pipe;
    private final Fd copy;

    Watched(PipePool pool) {
      pipe = Objects.requireNonNull(pool.borrow());
      copy = Fd.borrowed(pipe.readEnd()).duplicate();
    }

    boolean isClosed() {
      int read = LibC.read(copy.number(), NativeCalls.scratch(), 0, 1);
      copy.close();
      return read == 0;
    }
  }

  /** Two borrow while one pipe is there. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "Each has its own.")
  @Outcome(expect = FORBIDDEN, desc = "Both have the same.")
  @State
  public static class TwoBorrowers {
    private final PipePool pool = new PipePool(SIZE, 1, 1 << 20);
    private PipePool.Pipe[] lent = new PipePool.Pipe[2];

    public TwoBorrowers() {
      pool.giveBack(Objects.requireNonNull(pool.borrow()));
    }

    @Actor
    public void first() {
      lent[0] = Objects.requireNonNull(pool.borrow());
    }

    @Actor
    public void second() {
      lent[1] = Objects.requireNonNull(pool.borrow());
    }

    @Arbiter
    public void compare(Z_Result result) {
      result.r1 = lent[0] != lent[1] && lent[0].readEnd() != lent[1].readEnd();
      pool.discard(lent[0]);
      if (result.r1) {
        pool.discard(lent[1]);
      }
    }
  }

  /** Two give back where one is kept; then the pool closes. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both are closed.")
  @Outcome(expect = FORBIDDEN, desc = "A pipe is left open.")
  @State
  public static class TwoGiveBack {
    private final PipePool pool = new PipePool(SIZE, 1, 1 << 20);
    private final Watched one = new Watched(pool);
    private final Watched other = new Watched(pool);

    @Actor
    public void first() {
      pool.giveBack(one.pipe);
    }

    @Actor
    public void second() {
      pool.giveBack(other.pipe);
    }

    @Arbiter
    public void close(ZZ_Result closed) {
      pool.close();
      closed.r1 = one.isClosed();
      closed.r2 = other.isClosed();
    }
  }

  /** The pool closes while a pipe comes back. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "The pipe is closed.")
  @Outcome(expect = FORBIDDEN, desc = "The pipe is left open.")
  @State
  public static class GivenBackToAClosingPool {
    private final PipePool pool = new PipePool(SIZE, 1, 1 << 20);
    private final Watched one = new Watched(pool);

    @Actor
    public void borrower() {
      pool.giveBack(one.pipe);
    }

    @Actor
    public void owner() {
      pool.close();
    }

    @Arbiter
    public void look(Z_Result closed) {
      closed.r1 = one.isClosed();
    }
  }
}
