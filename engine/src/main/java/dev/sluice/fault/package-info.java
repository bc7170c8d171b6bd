/**
 * Faults that a relay makes on purpose, so that what stands at its ends can be tested: what they
 * are, how they are written, and what becomes of data under them. Pure: no I/O, no clock, no
 * stream.
 */
@NullMarked
package dev.sluice.fault;

import org.jspecify.annotations.NullMarked;
