package dev.sluice.relay;

import akka.actor.typed.Behavior;
import dev.sluice.relay.SessionCommand.PartOn;
import dev.sluice.relay.SessionCommand.Timeout;
import java.time.Duration;

/**
 * One direction is over; the other one has the time of option -t to move something, each time anew.
 */
final class SessionDraining extends SessionTransferring {
  private Duration pause = SessionClosing.FIRST_PAUSE;

  private SessionDraining(RelaySession session, SessionTransfers transfers) {
    super(session, transfers);
  }

  static Behavior<SessionCommand> begin(RelaySession session, SessionTransfers transfers) {
    SessionDraining state = new SessionDraining(session, transfers);
    state.checkAfter(session.settings().halfCloseTimeout());
    return state.onPartOn();
  }

  /**
   * A word for the end (close_notify) that had no room goes out once there is some: the direction
   * that could write it is over.
   */
  @Override
  Behavior<SessionCommand> onPartOn() {
    if (transfers.endsWaitForRoom()) {
      session.after(pause, PartOn.NOW);
      pause = SessionClosing.longer(pause);
    }
    return this;
  }

  @Override
  Behavior<SessionCommand> onTimeout(Timeout message) {
    Duration limit = session.settings().halfCloseTimeout();
    if (outputIsTaken()) {
      checkAfter(limit.plus(SessionClosing.LONGEST_PAUSE));
      return this;
    }
    return endAfter(limit);
  }

  /**
   * Whether bytes wait for a slow reader that has taken some lately. The time of option -t does not
   * count during that time: socat would be in write(2).
   */
  private boolean outputIsTaken() {
    boolean waits = session.programs().haveUnread() || transfers.waitForRoom();
    return waits && idleNanos() < SessionClosing.ROOM_PATIENCE.toNanos();
  }

  /** Time since something moved, or a program read something. */
  @Override
  long idleNanos() {
    return Math.min(transfers.idleNanos(), session.programs().idleNanos());
  }
}
