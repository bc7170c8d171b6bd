package dev.sluice.fleet.verb;

import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.SnapshotFile;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.log.RelayLog;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was done by hand before the process began again.
 *
 * @param file where it is kept from now on; null if the fleet keeps nothing
 */
record Restored(@Nullable SnapshotFile file, FleetSnapshot before) {
  /** Reads the snapshot file that a fleet names; a warning about it is logged. */
  static Restored of(Fleet fleet) throws SnapshotFile.Unusable {
    if (fleet.snapshot().isEmpty()) {
      return new Restored(null, FleetSnapshot.EMPTY);
    }
    SnapshotFile snapshots = SnapshotFile.open(Path.of(fleet.snapshot().get().file()));
    SnapshotFile.Kept kept = snapshots.read();
    if (kept.warning() != null) {
      RelayLog.ofProcess().error(kept.warning());
    }
    return new Restored(snapshots, kept.snapshot());
  }

  /** The fleet with the relays that were added by hand before the process began again. */
  Fleet addedTo(Fleet fleet, FleetReader reader) {
    Map<String, RelayDefinition> relays = new LinkedHashMap<>(fleet.relays());
    before
        .added()
        .forEach(
            (name, json) -> {
              FleetReader.Result one = reader.readOne(name, json, fleet);
              one.problems()
                  .forEach(
                      problem ->
                          RelayLog.ofProcess()
                              .error("relay " + name + " of the snapshot is left out: " + problem));
              one.fleet()
                  .ifPresent(
                      some ->
                          some.relays()
                              .forEach(
                                  (any, relay) ->
                                      relays.putIfAbsent(name, relay.at(Origin.RUNTIME))));
            });
    return fleet.with(relays);
  }
}
