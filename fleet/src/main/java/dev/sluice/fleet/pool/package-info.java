/**
 * Pools: who gets the next session, who is up, and the address {@code POOL:NAME}. Plain objects
 * that are told the time; nothing here starts a thread or knows actors.
 */
@NullMarked
package dev.sluice.fleet.pool;

import org.jspecify.annotations.NullMarked;
