/**
 * Tools that the build runs over the jar, so that no start has to do the same work again: see
 * docs/adr/0012. Maven runs them; a relay does not.
 */
@NullMarked
package dev.sluice.packaging;

import org.jspecify.annotations.NullMarked;
