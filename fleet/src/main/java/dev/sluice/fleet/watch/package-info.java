/**
 * What a screen shows of a fleet that runs: samples with rates, their history, and lists of relays.
 */
@NullMarked
package dev.sluice.fleet.watch;

import org.jspecify.annotations.NullMarked;
