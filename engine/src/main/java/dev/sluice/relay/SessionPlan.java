package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.log.RelayLog;
import java.time.Duration;

/**
 * What a {@link RelaySession} works with.
 *
 * @param left the left address, open
 * @param right the right address
 * @param scope what the left address's options have made of the session
 * @param poller serves the session's descriptors
 * @param turn its place among the sessions that connect at the same time
 * @param log speaks in the session's name
 * @param pause how long to wait before anything is done
 * @param end given the session's result; the supervisor gets it when the session is gone
 * @param slots told once that both addresses are open, or never will be
 * @param followed whether the supervisor is told how the bytes move
 * @param supervisor told of what matters to more than one session
 */
record SessionPlan(
    RelaySettings settings,
    RelayRuntime runtime,
    Channel left,
    Right right,
    ProcessScope scope,
    SessionPoller poller,
    Turn turn,
    RelayLog log,
    Duration pause,
    SupervisorCommand.SessionEnded end,
    ChildSlots slots,
    boolean followed,
    ActorRef<RelayCommand> supervisor) {
  /** The session's name to its supervisor. */
  long number() {
    return end.session();
  }

  /** The right side of a session. */
  sealed interface Right {
    /** To be opened by the session. */
    record ToOpen(AddressPair address) implements Right {}

    /** Open already. */
    record Open(Channel channel) implements Right {}
  }
}
