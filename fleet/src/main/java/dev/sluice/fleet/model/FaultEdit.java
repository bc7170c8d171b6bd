package dev.sluice.fleet.model;

import dev.sluice.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A change of a relay's faults by hand.
 *
 * @param reset whether to go back to those of the file; nothing else then counts
 * @param clear whether to begin with none
 * @param add those to be added
 * @param remove those to be removed, as they are written
 * @param ends whether to end sessions that can't have them, since they began without any
 */
public record FaultEdit(
    boolean reset, boolean clear, List<Fault> add, List<String> remove, boolean ends) {
  /** Faults that one relay may have. */
  public static final int MOST = 16;

  /** Whether it says which faults there are to be. */
  public boolean changesFaults() {
    return reset || clear || !add.isEmpty() || !remove.isEmpty();
  }

  /** Those that a relay has by hand afterwards; empty for those of the file. */
  public Optional<List<Fault>> after(List<Fault> now) {
    if (reset) {
      return Optional.empty();
    }
    List<Fault> next = new ArrayList<>(clear ? List.of() : now);
    next.removeIf(fault -> remove.contains(fault.text()));
    for (Fault fault : add) {
      if (!next.contains(fault)) {
        next.add(fault);
      }
    }
    return Optional.of(List.copyOf(next));
  }
}
