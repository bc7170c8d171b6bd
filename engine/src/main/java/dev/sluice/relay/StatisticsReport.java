package dev.sluice.relay;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.util.Set;

/**
 * A report of the counters of all sessions that was asked for.
 *
 * @param sessions those that have still to log theirs
 * @param replyTo told once all have
 */
record StatisticsReport(Set<Long> sessions, ActorRef<Done> replyTo) {
  /** A session has logged its counters, or has ended. */
  void answered(long session) {
    if (sessions.remove(session) && sessions.isEmpty()) {
      replyTo.tell(Done.getInstance());
    }
  }

  boolean isDone() {
    return sessions.isEmpty();
  }
}
