/**
 * The actors: {@link dev.sluice.relay.RelaySupervisor} opens the left address and looks after
 * sessions, {@link dev.sluice.relay.RelaySession} relays one connection.
 *
 * <p>Actors decide; they do no I/O. Nothing here knows the command line.
 */
@NullMarked
package dev.sluice.relay;

import org.jspecify.annotations.NullMarked;
