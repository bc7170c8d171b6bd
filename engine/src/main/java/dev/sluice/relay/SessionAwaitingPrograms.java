package dev.sluice.relay;

import akka.actor.typed.Behavior;
import dev.sluice.relay.SessionCommand.ProgramEnded;
import dev.sluice.relay.SessionCommand.Timeout;
import java.time.Duration;

/**
 * Everything has moved. A program that was only written to has a second to end by itself, and one
 * whose output has just ended a moment, so that its exit status counts.
 */
final class SessionAwaitingPrograms extends SessionTransferring {
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final Duration WRITE_ONLY_PATIENCE = Duration.ofSeconds(1);

  private final SessionTransferring before;

  private SessionAwaitingPrograms(SessionTransferring before) {
    super(before.session, before.transfers);
    this.before = before;
  }

  /**
   * Ends the session, after its programs.
   *
   * @param oneWay whether only one direction was relayed
   */
  static Behavior<SessionCommand> begin(SessionTransferring before, boolean oneWay) {
    RelaySession session = before.session;
    if (!session.programs().areRunning()) {
      return SessionClosing.begin(session);
    }
    SessionAwaitingPrograms state = new SessionAwaitingPrograms(before);
    session.after(oneWay ? WRITE_ONLY_PATIENCE : PATIENCE, Timeout.PROGRAM);
    return state;
  }

  @Override
  Behavior<SessionCommand> onProgramEnded(ProgramEnded message) {
    boolean failed = session.programs().endedAndFailed(message, session.log());
    if (failed && isRead(message)) {
      session.programFailed();
    }
    return session.programs().areRunning() ? this : SessionClosing.begin(session);
  }

  /**
   * Of a program that was only written to, and has had all its input, the status does not count.
   */
  private boolean isRead(ProgramEnded message) {
    return message.channel() == session.channels().left()
        ? session.settings().leftToRight()
        : session.settings().rightToLeft();
  }

  /** A program that still reads what was written to it is not ended. */
  @Override
  Behavior<SessionCommand> onTimeout(Timeout message) {
    if (message == Timeout.CHECK) {
      Behavior<SessionCommand> next = before.onTimeout(message);
      return next == before ? this : next;
    }
    if (session.programs().read(SessionClosing.ROOM_PATIENCE.toNanos())) {
      session.after(WRITE_ONLY_PATIENCE, Timeout.PROGRAM);
      return this;
    }
    return SessionClosing.begin(session);
  }
}
