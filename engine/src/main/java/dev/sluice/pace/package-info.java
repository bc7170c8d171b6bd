/**
 * How fast bytes may move: rates, how sizes are written, and the bandwidth of a relay. Pure: no
 * I/O, no clock, no stream.
 */
@NullMarked
package dev.sluice.pace;

import org.jspecify.annotations.NullMarked;
