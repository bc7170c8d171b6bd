package dev.sluice.relay;

import akka.actor.typed.ActorRef;

/**
 * What all sessions of a relay share.
 *
 * @param slots told once by each that both its addresses are open, or never will be
 * @param followed whether the supervisor is told how the bytes of each move
 * @param supervisor told of what matters to more than one session
 */
record SessionHome(
    RelayRuntime runtime, ChildSlots slots, boolean followed, ActorRef<RelayCommand> supervisor) {}
