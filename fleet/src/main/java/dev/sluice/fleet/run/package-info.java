/**
 * The actors of a fleet: {@link dev.sluice.fleet.run.FleetSupervisor} with a {@code
 * RelaySupervisor} for each relay. Nothing here knows the verbs or the API.
 */
@NullMarked
package dev.sluice.fleet.run;

import org.jspecify.annotations.NullMarked;
