/**
 * What a fleet and a cluster know of each other. The module {@code cluster} implements it, and is
 * loaded only when a file has a section {@code cluster}; nothing here may name Akka's cluster.
 */
@NullMarked
package dev.sluice.fleet.cluster;

import org.jspecify.annotations.NullMarked;
