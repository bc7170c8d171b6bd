/** Races of {@code dev.sluice.relay}, for jcstress: see {@code bench/races}. */
@NullMarked
package dev.sluice.relay;

import org.jspecify.annotations.NullMarked;
