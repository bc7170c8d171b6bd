/**
 * The grammar: text to {@link dev.sluice.spec.AddressSpec}, with every problem collected in {@link
 * dev.sluice.spec.Problems}.
 *
 * <p>Knows quoting, {@code !!}, short forms and the data syntax; knows neither which keywords exist
 * nor any I/O.
 */
@NullMarked
package dev.sluice.spec;

import org.jspecify.annotations.NullMarked;
