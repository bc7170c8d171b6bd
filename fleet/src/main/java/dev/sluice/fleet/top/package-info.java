/** The screen of {@code sluice top}: a fleet in a terminal. */
@NullMarked
package dev.sluice.fleet.top;

import org.jspecify.annotations.NullMarked;
