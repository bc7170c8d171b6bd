package dev.sluice.relay;

import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Parting;
import dev.sluice.relay.SessionCommand.Ended;
import dev.sluice.relay.SessionCommand.Timeout;
import dev.sluice.transfer.TransferDirection;
import java.time.Duration;

/**
 * Writing to a peer has failed: what that peer had sent before is still delivered, since its end
 * may only have come before its data were read.
 */
final class SessionRescuing extends SessionTransferring {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final TransferDirection direction;

  /** Bytes after which the direction has moved all that was there. */
  private final long limit;

  private SessionRescuing(
      RelaySession session, SessionTransfers transfers, TransferDirection direction, long limit) {
    super(session, transfers);
    this.direction = direction;
    this.limit = limit;
  }

  static Behavior<SessionCommand> begin(
      RelaySession session, SessionTransfers transfers, TransferDirection direction) {
    long ready = transfers.isOver(direction) ? -1 : transfers.ready(direction);
    if (ready < 0) {
      return SessionClosing.begin(session);
    }
    SessionRescuing state =
        new SessionRescuing(session, transfers, direction, transfers.moved(direction) + ready);
    transfers.drainThenEnd(direction);
    state.checkAfter(PAUSE);
    return state;
  }

  @Override
  Behavior<SessionCommand> onEnded(Ended message) {
    return SessionClosing.begin(session);
  }

  /** There is nobody left to deliver to. */
  @Override
  Behavior<SessionCommand> rescue(TransferDirection failed) {
    return SessionClosing.begin(session);
  }

  /** The peer still has what is rescued to take, unless it has taken nothing for too long. */
  @Override
  Behavior<SessionCommand> onTimeout(Timeout message) {
    boolean isDone = transfers.moved(direction) >= limit && !transfers.waitsForRoom(direction);
    if (isDone || idleNanos() > SessionClosing.ROOM_PATIENCE.toNanos()) {
      return SessionClosing.begin(session);
    }
    if (transfers.isOver(direction.opposite())
        && session.channels().destination(direction) instanceof Endpoint endpoint) {
      Parting.readAway(endpoint);
    }
    checkAfter(PAUSE);
    return this;
  }
}
