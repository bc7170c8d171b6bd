package dev.sluice.relay;

import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.log.RelayLog;
import java.time.Duration;

/**
 * What a {@link RelaySession} begins with.
 *
 * @param home what it shares with the other sessions of its relay
 * @param left the left address, open
 * @param right the right address
 * @param scope what the left address's options have made of the session
 * @param poller serves the session's descriptors
 * @param turn its place among the sessions that connect at the same time
 * @param log speaks in the session's name
 * @param pause how long to wait before anything is done
 * @param end given the session's result; the supervisor gets it when the session is gone
 */
record SessionPlan(
    SessionHome home,
    RelaySettings settings,
    Channel left,
    Right right,
    ProcessScope scope,
    SessionPoller poller,
    Turn turn,
    RelayLog log,
    Duration pause,
    SupervisorCommand.SessionEnded end) {
  /** The right side of a session. */
  sealed interface Right {
    /** To be opened by the session. */
    record ToOpen(AddressPair address) implements Right {}

    /** Open already. */
    record Open(Channel channel) implements Right {}
  }
}
