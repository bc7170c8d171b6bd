package dev.sluice.fleet.run;

import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.run.FleetProtocol.Place;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which relays a cluster has run here, and which of the others are still alive. Without a cluster
 * all are here. Used on the {@link FleetSupervisor}'s thread only.
 */
final class Placing {
  private final Map<String, ManagedRelay> relays;
  private @Nullable Set<String> here;
  private Consumer<Set<String>> told = any -> {};
  private Set<String> lingering = Set.of();

  Placing(Map<String, ManagedRelay> relays) {
    this.relays = relays;
  }

  void change(Place message) {
    here = message.here();
    told = message.lingering();
    lingering = Set.of("");
  }

  /** Whether the relay may run on this node; what was added by hand runs where it was added. */
  boolean isHere(RelayDefinition relay) {
    Set<String> some = here;
    return some == null
        || relay.placement().kind() != Placement.Kind.ONE
        || relay.origin().equals(Origin.RUNTIME)
        || some.contains(relay.name());
  }

  /** Tells which relays of {@code place = one} are alive though they are not to be here. */
  void report() {
    if (here == null) {
      return;
    }
    Set<String> now = new TreeSet<>();
    relays.forEach(
        (name, relay) -> {
          boolean isOne = relay.definition.placement().kind() == Placement.Kind.ONE;
          if (isOne && (!relay.placed || relay.removed) && !relay.isGone()) {
            now.add(name);
          }
        });
    if (!now.equals(lingering)) {
      lingering = now;
      told.accept(now);
    }
  }
}
