package dev.sluice.relay;

import dev.sluice.catalog.AddressPair;

/**
 * Where a session goes.
 *
 * @param right the right address
 * @param settings how the session behaves; the directions are those that the relay began with
 */
public record SessionTarget(AddressPair right, RelaySettings settings) {}
