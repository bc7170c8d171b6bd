package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import java.time.Duration;
import java.util.function.LongFunction;

/** How a connection becomes a session: which sides the session has. */
interface SessionPairing {
  SessionPlan plan(
      Channel connection,
      SessionPoller poller,
      Turn turn,
      RelayLog log,
      Duration pause,
      long number,
      ChildSlots slots,
      boolean followed,
      ActorRef<RelayCommand> supervisor);

  /**
   * The connection is the left side; the session opens its right side.
   *
   * @param targets says where a session goes, by its number
   * @param scope what the left address's options have made of the session
   */
  static SessionPairing opening(
      LongFunction<RelaySupervisor.Target> targets, RelayRuntime runtime, ProcessScope scope) {
    return (connection, poller, turn, log, pause, number, slots, followed, supervisor) -> {
      RelaySupervisor.Target target = targets.apply(number);
      return new SessionPlan(
          target.settings(),
          runtime,
          connection,
          new SessionPlan.Right.ToOpen(target.right()),
          scope,
          poller,
          turn,
          log,
          pause,
          number,
          slots,
          followed,
          supervisor);
    };
  }

  /** The connection is the right side; all sessions share an open left side. */
  static SessionPairing sharing(Endpoint left, RelaySettings settings, RelayRuntime runtime) {
    Endpoint shared = left.shared();
    return (connection, poller, turn, log, pause, number, slots, followed, supervisor) ->
        new SessionPlan(
            settings,
            runtime,
            shared,
            new SessionPlan.Right.Open(connection),
            ProcessScope.NONE,
            poller,
            turn,
            log,
            pause,
            number,
            slots,
            followed,
            supervisor);
  }
}
