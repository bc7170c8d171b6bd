/**
 * What a fleet is, as plain values: relays by name, and the difference between two fleets. Nothing
 * here reads files or knows actors.
 */
@NullMarked
package dev.sluice.fleet.model;

import org.jspecify.annotations.NullMarked;
