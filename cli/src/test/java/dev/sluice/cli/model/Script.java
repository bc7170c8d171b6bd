package dev.sluice.cli.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What two sides of a relay do, in turn: send, stop reading, read on, end their output, reset.
 *
 * @param seed makes the same script again
 */
public record Script(long seed, List<Step> steps) {
  private static final int MOST_STEPS = 12;

  /** A side of the relay. */
  public enum Side {
    LEFT,
    RIGHT;

    Side other() {
      return this == LEFT ? RIGHT : LEFT;
    }
  }

  /** One thing that a side does. */
  public sealed interface Step {
    Side side();

    /** Sends that many bytes. */
    record Send(Side side, int bytes) implements Step {}

    /** Reads no more until it resumes. */
    record Stall(Side side) implements Step {}

    /** Reads on. */
    record Resume(Side side) implements Step {}

    /** Sends no more. */
    record End(Side side) implements Step {}

    /** Resets its connection; nothing follows on this side. */
    record Reset(Side side) implements Step {}
  }

  /** A script that ends: both sides have ended their output, or one has been reset. */
  public static Script random(long seed) {
    return new Writer(new Random(seed)).write(seed);
  }

  /** Keeps to what makes sense: nobody sends after its end, nobody stalls twice. */
  private static final class Writer {
    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    private final boolean[] ended = new boolean[2];
    private final boolean[] stalled = new boolean[2];

    Writer(Random random) {
      this.random = random;
    }

    Script write(long seed) {
      int length = 1 + random.nextInt(MOST_STEPS);
      boolean resets = random.nextInt(4) == 0;
      while (steps.size() < length && !(ended[0] && ended[1])) {
        step(Side.values()[random.nextInt(2)]);
      }
      if (resets) {
        reset(Side.values()[random.nextInt(2)]);
      } else {
        finish();
      }
      return new Script(seed, List.copyOf(steps));
    }

    private void step(Side side) {
      int i = side.ordinal();
      int choice = random.nextInt(10);
      if (choice < 6 && !ended[i]) {
        steps.add(new Step.Send(side, size()));
      } else if (choice == 6 && !ended[i]) {
        ended[i] = true;
        steps.add(new Step.End(side));
      } else if (choice >= 7) {
        steps.add(stalled[i] ? new Step.Resume(side) : new Step.Stall(side));
        stalled[i] = !stalled[i];
      }
    }

    /** Mostly little; now and then enough for a full pipe, or for several. */
    private int size() {
      return switch (random.nextInt(8)) {
        case 0 -> 1 + random.nextInt(2_000_000);
        case 1, 2 -> 1 + random.nextInt(200_000);
        default -> 1 + random.nextInt(5_000);
      };
    }

    private void reset(Side side) {
      resume(side);
      if (random.nextBoolean()) {
        resume(side.other());
      }
      steps.add(new Step.Reset(side));
      resume(side.other());
      if (!ended[side.other().ordinal()]) {
        steps.add(new Step.Send(side.other(), size()));
        steps.add(new Step.End(side.other()));
      }
    }

    private void finish() {
      for (Side side : Side.values()) {
        resume(side);
        if (!ended[side.ordinal()]) {
          steps.add(new Step.End(side));
        }
      }
    }

    private void resume(Side side) {
      if (stalled[side.ordinal()]) {
        stalled[side.ordinal()] = false;
        steps.add(new Step.Resume(side));
      }
    }
  }
}
