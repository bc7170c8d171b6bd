package dev.sluice.fleet.pool;

import dev.sluice.catalog.Address;
import dev.sluice.fleet.model.PoolDefinition;

/**
 * Where a member's sessions go: what a definition says, or one of the addresses that a host's name
 * has.
 *
 * @param name the member's name; behind a slash the number of its host, where its name has several
 * @param address what is opened
 */
public record PoolTarget(String name, PoolDefinition.Member definition, Address address) {}
