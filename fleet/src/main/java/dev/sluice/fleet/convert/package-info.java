/**
 * Reads configurations of other programs and writes them as a fleet's file, with what could not be
 * taken over as comments. Nothing here opens an address or knows actors.
 */
@NullMarked
package dev.sluice.fleet.convert;

import org.jspecify.annotations.NullMarked;
