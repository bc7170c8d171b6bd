/**
 * Placing the relays of a fleet on the nodes of an Akka Cluster. Membership, failure detection and
 * the resolving of split brains are Akka's; here is which node owns a relay ({@link
 * dev.sluice.cluster.Rendezvous}), that never two nodes run it at once ({@link
 * dev.sluice.cluster.Claims}), and how the fleet's file reaches all nodes ({@link
 * dev.sluice.cluster.FileKeeper}).
 *
 * <p>Nothing here may know the command line; the fleet is reached by {@code LocalFleet} alone.
 */
@NullMarked
package dev.sluice.cluster;

import org.jspecify.annotations.NullMarked;
