/**
 * Random conversations through a relay, and what must come out of them whoever relays: {@link
 * dev.sluice.cli.model.Script} says what the two sides do, {@link dev.sluice.cli.model.Play} does
 * it and watches.
 */
@NullMarked
package dev.sluice.cli.model;

import org.jspecify.annotations.NullMarked;
