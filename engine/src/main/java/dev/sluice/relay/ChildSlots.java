package dev.sluice.relay;

import dev.sluice.endpoint.Listener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Room for sessions: a place is taken before a peer is accepted, and given back when its session
 * has ended. Thread-safe.
 *
 * <p>Room also means descriptors. An accepted session needs more descriptors to open its right
 * address. So no peer is accepted while the remaining descriptors might not be enough for the
 * sessions that are still opening. A session that greets its peer first takes that room only after
 * it.
 */
public final class ChildSlots implements Listener.Admission {
  /** Descriptors that a session may take to open its right address. */
  private static final int FOR_ONE_SESSION = 4;

  /** Descriptors kept for everything else. */
  private static final int RESERVE = 8;

  private final int most;
  private volatile int limit;
  private final int descriptorLimit;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger opening = new AtomicInteger();

  /** Sessions whose peers have to be greeted before they open anything. */
  private final AtomicInteger greeting = new AtomicInteger();

  /** Of the last peer, less one for each session that has ended since. */
  private final AtomicInteger highestDescriptor = new AtomicInteger();

  private volatile @Nullable SessionRate rate;
  private volatile Consumer<Duration> whenRateIsReached = time -> {};
  private volatile boolean paused;
  private volatile boolean heldBack;

  /**
   * Makes room.
   *
   * @param most sessions at once; 0 for any number
   * @param descriptorLimit descriptors that the process may have open
   */
  public ChildSlots(int most, int descriptorLimit) {
    this.most = most == 0 ? Integer.MAX_VALUE : most;
    this.limit = this.most;
    this.descriptorLimit = descriptorLimit;
  }

  /** Sets a lower limit; sessions that are above it go on. 0 for the one that it was made with. */
  void limit(int lower) {
    limit = lower == 0 ? most : Math.min(most, lower);
  }

  /**
   * Limits how fast peers are let in.
   *
   * @param newRate null for no limit
   * @param whenReached told that somebody was held back, and for how long at least
   */
  void rate(@Nullable SessionRate newRate, Consumer<Duration> whenReached) {
    whenRateIsReached = whenReached;
    rate = newRate;
  }

  @Override
  public boolean tryEnter() {
    SessionRate limited = rate;
    if (limited != null && !limited.tryTake()) {
      whenRateIsReached.accept(limited.untilRoom());
      return false;
    }
    boolean entered = hasEntered();
    if (limited != null && !entered) {
      limited.giveBack();
    }
    return entered;
  }

  private boolean hasEntered() {
    while (true) {
      int now = taken.get();
      if (now >= limit || paused) {
        heldBack = true; // before the second look, so that a session that ends now sees the change
        if (taken.get() >= limit || paused) {
          return false;
        }
        continue;
      }
      int stillOpening = opening.get();
      int others = stillOpening + greeting.get();
      if (others > 0 && !hasDescriptors(stillOpening + 1, RESERVE)) {
        heldBack = true;
        if (opening.get() + greeting.get() == others
            && !hasDescriptors(stillOpening + 1, RESERVE)) {
          return false;
        }
        continue;
      }
      if (taken.compareAndSet(now, now + 1)) {
        opening.incrementAndGet();
        return true;
      }
    }
  }

  @Override
  public void accepted(int descriptor) {
    highestDescriptor.set(descriptor);
  }

  private boolean hasDescriptors(int sessions, int reserve) {
    return descriptorLimit - highestDescriptor.get() >= FOR_ONE_SESSION * sessions + reserve;
  }

  @Override
  public void leave() {
    SessionRate limited = rate;
    if (limited != null) {
      limited.giveBack();
    }
    opening.decrementAndGet();
    taken.decrementAndGet();
  }

  /** As {@link #leave}, of a peer that is turned away; returns whether somebody was held back. */
  boolean turnedAway() {
    leave();
    return wasHeldBack();
  }

  /**
   * A session has opened its right address, or will not; returns whether somebody was held back
   * until then.
   */
  boolean opened() {
    opening.decrementAndGet();
    return wasHeldBack();
  }

  /**
   * A session greets its peer before it opens anything, so others may open theirs: peers that are
   * silent hold up nobody. Returns whether somebody was held back until then.
   */
  boolean greeting() {
    greeting.incrementAndGet();
    return opened();
  }

  /** The peer has been greeted; returns whether there is room to open the right address. */
  boolean greeted() {
    while (true) {
      int stillOpening = opening.get();
      if (stillOpening > 0 && !hasDescriptors(stillOpening + 1, 0)) {
        return false;
      }
      if (opening.compareAndSet(stillOpening, stillOpening + 1)) {
        greeting.decrementAndGet();
        return true;
      }
    }
  }

  /** A greeting has failed, or was given up; returns whether somebody was held back until then. */
  boolean notGreeted() {
    greeting.decrementAndGet();
    return wasHeldBack();
  }

  /** A session that had opened has ended; returns whether somebody was held back until then. */
  boolean ended() {
    taken.decrementAndGet();
    highestDescriptor.decrementAndGet();
    return wasHeldBack();
  }

  private boolean wasHeldBack() {
    boolean was = heldBack;
    if (was) {
      heldBack = false;
    }
    return was;
  }

  /** While paused nobody enters, whatever room there is. */
  void pause(boolean on) {
    paused = on;
  }

  /** How many sessions there is room for. */
  public int limit() {
    return limit;
  }

  /** Places taken. */
  public int taken() {
    return taken.get();
  }

  /** Whether every place is taken. */
  public boolean isFull() {
    return taken.get() >= limit;
  }
}
