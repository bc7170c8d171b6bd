package dev.sluice.relay;

import dev.sluice.catalog.ProcessScope;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import java.util.function.LongFunction;

/** How a connection becomes a session: which sides the session has. */
interface SessionPairing {
  /**
   * What a session joins.
   *
   * @param scope what the left address's options have made of the session
   */
  record Sides(RelaySettings settings, Channel left, SessionPlan.Right right, ProcessScope scope) {}

  /** The sides of the session of that number. */
  Sides sides(Channel connection, long number);

  /**
   * The connection is the left side; the session opens its right side.
   *
   * @param targets says where a session goes, by its number
   * @param scope what the left address's options have made of each session
   */
  static SessionPairing opening(LongFunction<SessionTarget> targets, ProcessScope scope) {
    return (connection, number) -> {
      SessionTarget target = targets.apply(number);
      return new Sides(
          target.settings(), connection, new SessionPlan.Right.ToOpen(target.right()), scope);
    };
  }

  /** The connection is the right side; all sessions share an open left side. */
  static SessionPairing sharing(Endpoint left, RelaySettings settings) {
    Endpoint shared = left.shared();
    return (connection, number) ->
        new Sides(settings, shared, new SessionPlan.Right.Open(connection), ProcessScope.NONE);
  }
}
