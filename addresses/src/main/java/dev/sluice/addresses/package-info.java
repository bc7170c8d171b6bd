/**
 * The address types, one file for each: what socat calls {@code TCP-LISTEN}, {@code EXEC}, {@code
 * PIPE} and so on.
 *
 * <p>Adding one is adding a class with {@code @AutoService(AddressTypes.class)}. What several of
 * them need is in {@code socket} and {@code program}.
 */
@NullMarked
package dev.sluice.addresses;

import org.jspecify.annotations.NullMarked;
