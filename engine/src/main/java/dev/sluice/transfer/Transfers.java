package dev.sluice.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The transfers of one session: both directions, or one. */
public abstract class Transfers {
  private final @Nullable Transfer leftToRight;
  private final @Nullable Transfer rightToLeft;

  Transfers(@Nullable Transfer leftToRight, @Nullable Transfer rightToLeft) {
    this.leftToRight = leftToRight;
    this.rightToLeft = rightToLeft;
  }

  /**
   * Transfers that are stopped so.
   *
   * @param stop as {@link #stop}
   */
  static Transfers of(
      @Nullable Transfer leftToRight, @Nullable Transfer rightToLeft, Predicate<Runnable> stop) {
    return new Transfers(leftToRight, rightToLeft) {
      @Override
      public boolean stop(Runnable stopped) {
        return stop.test(stopped);
      }
    };
  }

  /** The transfer of one direction, null when it does not run. */
  public final @Nullable Transfer of(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? leftToRight : rightToLeft;
  }

  /** The transfers that run. */
  public final List<Transfer> all() {
    List<Transfer> all = new ArrayList<>(2);
    if (leftToRight != null) {
      all.add(leftToRight);
    }
    if (rightToLeft != null) {
      all.add(rightToLeft);
    }
    return all;
  }

  /**
   * Stops both. Call once.
   *
   * @param stopped runs once nobody uses the descriptors any more, unless that is so already
   * @return whether it is so already
   */
  public abstract boolean stop(Runnable stopped);
}
