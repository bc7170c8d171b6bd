package dev.sluice.cluster;

import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import java.io.IOException;

/** Makes the node; found by its name among the services of its jar. */
public final class ClusterProvider implements FleetCluster.Provider {
  @Override
  public FleetCluster create(ClusterSettings settings, LocalFleet fleet) throws IOException {
    return new SluiceCluster(settings, fleet);
  }
}
