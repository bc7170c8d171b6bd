/**
 * Microbenchmarks of what each relay does once, and of what it does with each block: see {@code
 * bench/jmh}.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
