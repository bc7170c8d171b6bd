package dev.sluice.os;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Whoever is registered with an {@link EpollPoller} hears of its own descriptor. */
final class PollerSlotRaces {
  private static final Poller POLLER = EpollPoller.start("races");
  private static final long SECONDS = 10;

  private PollerSlotRaces() {}

  /** A pipe whose end for reading is watched. */
  private static final class Watched {
    private final Fd[] ends = LibC.pipe(OpenFlags.NONBLOCK);
    private final CountDownLatch told = new CountDownLatch(1);
    private Poller.@Nullable Registration registration;

    void register() {
      registration = POLLER.register(ends[0].number(), ready -> told.countDown());
    }

    Poller.Registration registration() {
      return Objects.requireNonNull(registration);
    }

    /** Whether the handler is told of something to read; then all is closed. */
    boolean hears() {
      LibC.write(ends[1].number(), NativeCalls.scratch(), 0, 1);
      try {
        return told.await(SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        return false;
      } finally {
        close();
      }
    }

    void close() {
      registration().close();
      ends[0].close();
      ends[1].close();
    }
  }

  /** Two threads register at once. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both hear.")
  @Outcome(expect = FORBIDDEN, desc = "One is deaf.")
  @State
  public static class TwoRegister {
    private final Watched one = new Watched();
    private final Watched other = new Watched();

    @Actor
    public void first() {
      one.register();
    }

    @Actor
    public void second() {
      other.register();
    }

    @Arbiter
    public void write(ZZ_Result hears) {
      hears.r1 = one.hears();
      hears.r2 = other.hears();
    }
  }

  /** Two threads close one registration; a slot that is free twice would be given to two. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both hear.")
  @Outcome(expect = FORBIDDEN, desc = "Two have one slot.")
  @State
  public static class ClosedTwice {
    private final Watched old = new Watched();

    public ClosedTwice() {
      old.register();
    }

    @Actor
    public void first() {
      old.registration().close();
    }

    @Actor
    public void second() {
      old.registration().abandon();
    }

    @Arbiter
    public void write(ZZ_Result hears) {
      old.close();
      Watched one = new Watched();
      Watched other = new Watched();
      one.register();
      other.register();
      hears.r1 = one.hears();
      hears.r2 = other.hears();
    }
  }

  /**
   * One asks for room while another ends the registration, and begins another of the same number.
   */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "The new one hears.")
  @Outcome(expect = FORBIDDEN, desc = "The old one's question has made the new one deaf.")
  @State
  public static class AskedAfterTheEnd {
    private final Watched pipe = new Watched();
    private final Poller.Registration old;

    public AskedAfterTheEnd() {
      pipe.register();
      old = pipe.registration();
    }

    @Actor
    public void asks() {
      old.awaitRoom();
    }

    @Actor
    public void ends() {
      old.close();
      pipe.register();
    }

    @Arbiter
    public void write(Z_Result hears) {
      hears.r1 = pipe.hears();
    }
  }
}
