/** Races of {@code dev.sluice.endpoint}, for jcstress: see {@code bench/races}. */
@NullMarked
package dev.sluice.endpoint;

import org.jspecify.annotations.NullMarked;
