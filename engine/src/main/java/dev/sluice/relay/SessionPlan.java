package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

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
 * @param number the session's name to its supervisor
 * @param slots told once that both addresses are open, or never will be
 * @param followed whether the supervisor is told how the bytes move
 * @param supervisor told how the session ended, once
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
    long number,
    ChildSlots slots,
    boolean followed,
    ActorRef<RelayCommand> supervisor) {
  /** The same plan with another right side. */
  SessionPlan with(Right other) {
    return new SessionPlan(
        settings,
        runtime,
        left,
        other,
        scope,
        poller,
        turn,
        log,
        pause,
        number,
        slots,
        followed,
        supervisor);
  }

  /** The right side of a session. */
  sealed interface Right {
    /** The address; null for a channel that is open already. */
    @Nullable AddressPair address();

    /** To be opened by the session. */
    record ToOpen(AddressPair address) implements Right {}

    /**
     * Being opened since before the session began.
     *
     * @param opening may be given up
     * @param result what the first attempt comes to
     */
    record Begun(AddressPair address, Opening opening, CompletionStage<? extends Opened> result)
        implements Right {}

    /** Open already. */
    record Open(Channel channel) implements Right {
      @Override
      public @Nullable AddressPair address() {
        return null;
      }
    }
  }
}
