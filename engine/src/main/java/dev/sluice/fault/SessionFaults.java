package dev.sluice.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Which faults one session has: those of its relay, as they are now, and those of its addresses.
 * Chance decides once for a session, so both of its directions agree. Thread-safe.
 */
public final class SessionFaults {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final Faults relay;
  private final long session;
  private final long chance = ThreadLocalRandom.current().nextLong();

  /**
   * Makes them.
   *
   * @param session its number, which a seed is mixed with
   */
  public SessionFaults(Faults relay, long session) {
    this.relay = relay;
    this.session = session;
  }

  /** Whether the relay has a fault now, or there is one of these more. */
  public static boolean areThere(Faults relay, List<Fault> more) {
    return !more.isEmpty() || !relay.now().isEmpty();
  }

  /** The faults of the relay, which may change. */
  public Faults relay() {
    return relay;
  }

  /** Whether the relay has a fault now, or there is one of these. */
  public boolean areThere(List<Fault> more) {
    return areThere(relay, more);
  }

  /** Those that hold in a direction, of the relay and of these more. */
  public List<Fault> in(boolean upwards, List<Fault> more) {
    return drawn(more, fault -> fault.kind() != Fault.Kind.REFUSE && fault.isFor(upwards));
  }

  /** The fault that refuses the session, of the relay or of these more, if one does. */
  public static Optional<Fault> refusal(Faults relay, List<Fault> more, long session) {
    if (!areThere(relay, more)) {
      return Optional.empty(); // as nearly always: nothing is made
    }
    return new SessionFaults(relay, session)
        .drawn(more, fault -> fault.kind() == Fault.Kind.REFUSE).stream().findFirst();
  }

  /** Those of the relay and of these more that chance has the session suffer. */
  private List<Fault> drawn(List<Fault> more, Predicate<Fault> wanted) {
    List<Fault> ofRelay = relay.now();
    if (ofRelay.isEmpty() && more.isEmpty()) {
      return List.of();
    }
    List<Fault> all = new ArrayList<>();
    for (List<Fault> some : List.of(ofRelay, more)) {
      for (int i = 0; i < some.size(); i++) {
        Fault fault = some.get(i);
        if (wanted.test(fault) && hits(fault, i)) {
          all.add(fault);
        }
      }
    }
    return List.copyOf(all);
  }

  private boolean hits(Fault fault, int place) {
    return fault.probability() >= 1 || random(fault, place).nextDouble() < fault.probability();
  }

  /** What decides about the data of a direction. */
  public SplittableRandom random(List<Fault> faults, boolean upwards) {
    long seed =
        faults.stream()
            .filter(fault -> fault.seed().isPresent())
            .mapToLong(this::seed)
            .findFirst()
            .orElse(chance);
    return new SplittableRandom(upwards ? seed : ~seed);
  }

  private SplittableRandom random(Fault fault, int place) {
    return new SplittableRandom(seed(fault) ^ place * GOLDEN);
  }

  private long seed(Fault fault) {
    return fault.seed().isPresent() ? fault.seed().getAsLong() + session * GOLDEN : chance;
  }
}
