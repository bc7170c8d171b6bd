package dev.sluice.relay;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Whoever is held back by {@link ChildSlots} is told of the room that comes later; no more enter
 * than may.
 */
final class ChildSlotsRaces {
  private static final int PLENTY = 1_000_000;
  private static final int DESCRIPTORS = 100;

  private ChildSlotsRaces() {}

  private static ChildSlots full() {
    ChildSlots slots = new ChildSlots(1, PLENTY);
    slots.tryEnter();
    slots.opened();
    return slots;
  }

  /** A session ends while a peer asks for its place. */
  @JCStressTest
  @Outcome(id = "true, (true|false)", expect = ACCEPTABLE, desc = "The peer is in.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The peer is called.")
  @Outcome(expect = FORBIDDEN, desc = "The peer waits for ever.")
  @State
  public static class AnEndAndAPeer {
    private final ChildSlots slots = full();

    @Actor
    public void peer(ZZ_Result told) {
      told.r1 = slots.tryEnter();
    }

    @Actor
    public void session(ZZ_Result told) {
      told.r2 = slots.ended();
    }
  }

  /** Two peers ask for one place. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE,
      desc = "One is in.")
  @Outcome(expect = FORBIDDEN, desc = "Both are in, or none.")
  @State
  public static class TwoPeers {
    private final ChildSlots slots = new ChildSlots(1, PLENTY);

    @Actor
    public void first(ZZ_Result entered) {
      entered.r1 = slots.tryEnter();
    }

    @Actor
    public void second(ZZ_Result entered) {
      entered.r2 = slots.tryEnter();
    }
  }

  /** A session has opened its right address while a peer asks whether the descriptors will do. */
  @JCStressTest
  @Outcome(id = "true, (true|false)", expect = ACCEPTABLE, desc = "The peer is in.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The peer is called.")
  @Outcome(expect = FORBIDDEN, desc = "The peer waits for ever.")
  @State
  public static class AnOpenedSessionAndAPeer {
    private final ChildSlots slots = new ChildSlots(0, DESCRIPTORS);

    public AnOpenedSessionAndAPeer() {
      slots.tryEnter();
      slots.accepted(DESCRIPTORS - 10);
    }

    @Actor
    public void peer(ZZ_Result told) {
      told.r1 = slots.tryEnter();
    }

    @Actor
    public void session(ZZ_Result told) {
      told.r2 = slots.opened();
    }
  }

  /** A greeting fails while a peer asks whether the descriptors will do. */
  @JCStressTest
  @Outcome(id = "true, (true|false)", expect = ACCEPTABLE, desc = "The peer is in.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The peer is called.")
  @Outcome(expect = FORBIDDEN, desc = "The peer waits for ever.")
  @State
  public static class AFailedGreetingAndAPeer {
    private final ChildSlots slots = new ChildSlots(0, DESCRIPTORS);

    public AFailedGreetingAndAPeer() {
      slots.tryEnter();
      slots.greeting();
      slots.accepted(DESCRIPTORS - 10);
    }

    @Actor
    public void peer(ZZ_Result told) {
      told.r1 = slots.tryEnter();
    }

    @Actor
    public void session(ZZ_Result told) {
      told.r2 = slots.notGreeted();
    }
  }

  /**
   * A session ends, which frees descriptors, while a peer asks whether these will do; another
   * session greets a peer that is silent, and fails later.
   */
  @JCStressTest
  @Outcome(id = "true, .*", expect = ACCEPTABLE, desc = "The peer is in.")
  @Outcome(id = "false, true, .*", expect = ACCEPTABLE, desc = "The peer is called.")
  @Outcome(expect = FORBIDDEN, desc = "The peer waits for a peer that is silent, or for ever.")
  @State
  public static class FreedDescriptorsAndAPeer {
    private final ChildSlots slots = new ChildSlots(0, DESCRIPTORS);

    public FreedDescriptorsAndAPeer() {
      slots.tryEnter();
      slots.opened();
      slots.tryEnter();
      slots.greeting();
      slots.accepted(DESCRIPTORS - 11); // one less would do
    }

    @Actor
    public void peer(ZZZ_Result told) {
      told.r1 = slots.tryEnter();
    }

    @Actor
    public void session(ZZZ_Result told) {
      told.r2 = slots.ended();
    }

    @Arbiter
    public void later(ZZZ_Result told) {
      told.r3 = slots.notGreeted();
    }
  }

  /** Two sessions whose peers were greeted want the descriptors that do for one. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE,
      desc = "One opens.")
  @Outcome(expect = FORBIDDEN, desc = "Both open, or none.")
  @State
  public static class TwoGreetedSessions {
    private final ChildSlots slots = new ChildSlots(0, DESCRIPTORS);

    public TwoGreetedSessions() {
      for (int i = 0; i < 2; i++) {
        slots.tryEnter();
        slots.greeting();
      }
      slots.accepted(DESCRIPTORS - 5);
    }

    @Actor
    public void first(ZZ_Result opens) {
      opens.r1 = slots.greeted();
    }

    @Actor
    public void second(ZZ_Result opens) {
      opens.r2 = slots.greeted();
    }
  }
}
