package dev.sluice.catalog;

import org.jspecify.annotations.Nullable;

/**
 * One side of a relay that was understood: an address for both directions, or two joined by {@code
 * !!}.
 *
 * @param first used in both directions, or only for reading when there is a second
 * @param second used for writing only
 */
public record AddressPair(Address first, @Nullable Address second) {}
