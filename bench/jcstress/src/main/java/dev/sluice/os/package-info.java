/** Races of {@code dev.sluice.os}, for jcstress: see {@code bench/races}. */
@NullMarked
package dev.sluice.os;

import org.jspecify.annotations.NullMarked;
