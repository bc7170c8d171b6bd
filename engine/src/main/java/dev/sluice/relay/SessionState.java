package dev.sluice.relay;

import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import dev.sluice.relay.SessionCommand.Ended;
import dev.sluice.relay.SessionCommand.FilesOpened;
import dev.sluice.relay.SessionCommand.HandedOver;
import dev.sluice.relay.SessionCommand.LeftGreeted;
import dev.sluice.relay.SessionCommand.PauseEnded;
import dev.sluice.relay.SessionCommand.ProgramEnded;
import dev.sluice.relay.SessionCommand.Quiescent;
import dev.sluice.relay.SessionCommand.Report;
import dev.sluice.relay.SessionCommand.RightFailed;
import dev.sluice.relay.SessionCommand.RightOpened;
import dev.sluice.relay.SessionCommand.SharingEnded;
import dev.sluice.relay.SessionCommand.SourceEnded;
import dev.sluice.relay.SessionCommand.SuccessorEnded;
import dev.sluice.relay.SessionCommand.Timeout;
import dev.sluice.relay.SessionCommand.WriteFailed;

/**
 * What a session does now, and what a message makes of it.
 *
 * <pre>
 * Greeting - Opening - Ready - Transferring - Draining - (AwaitingPrograms) - Closing
 *                   \                     \- Rescuing -/
 *                    - Sharing, HandedOver
 * </pre>
 *
 * <p>A message that a state does not know belongs to one that is over: it is passed by, and what it
 * brought is closed. An exception ends the session as failed, since nobody had decided its end.
 */
abstract class SessionState extends ExtensibleBehavior<SessionCommand> {
  /** SIGTERM. */
  static final int TERM = 15;

  final RelaySession session;

  SessionState(RelaySession session) {
    this.session = session;
  }

  @Override
  public final Behavior<SessionCommand> receive(
      TypedActorContext<SessionCommand> context, SessionCommand message) {
    try {
      return message.applyTo(this);
    } catch (RuntimeException e) {
      session.broke(e);
      throw e;
    }
  }

  /** On any way out, also after an exception: all that the session holds is closed. */
  @Override
  public final Behavior<SessionCommand> receiveSignal(
      TypedActorContext<SessionCommand> context, Signal signal) {
    if (signal instanceof PostStop) {
      release();
      session.close();
      reportLoss();
      session.tellEnd();
    }
    return this;
  }

  /** Lets go of what is this state's own, at the end of the session. */
  void release() {}

  /** Says what the end has cut off. */
  void reportLoss() {}

  Behavior<SessionCommand> onPauseEnded(PauseEnded message) {
    return this;
  }

  Behavior<SessionCommand> onLeftGreeted(LeftGreeted message) {
    return this;
  }

  Behavior<SessionCommand> onRightOpened(RightOpened message) {
    AddressOpener.discard(message.opened());
    return this;
  }

  Behavior<SessionCommand> onRightFailed(RightFailed message) {
    return this;
  }

  Behavior<SessionCommand> onFilesOpened(FilesOpened message) {
    return this;
  }

  Behavior<SessionCommand> onOpenAgain() {
    return this;
  }

  Behavior<SessionCommand> onHandedOver(HandedOver message) {
    message.program().signal(TERM);
    return this;
  }

  Behavior<SessionCommand> onSuccessorEnded(SuccessorEnded message) {
    return this;
  }

  Behavior<SessionCommand> onSharingEnded(SharingEnded message) {
    return this;
  }

  Behavior<SessionCommand> onSourceEnded(SourceEnded message) {
    return this;
  }

  Behavior<SessionCommand> onWriteFailed(WriteFailed message) {
    return this;
  }

  Behavior<SessionCommand> onEnded(Ended message) {
    return this;
  }

  /** A program may end before anything else has begun. */
  Behavior<SessionCommand> onProgramEnded(ProgramEnded message) {
    if (session.programs().endedAndFailed(message, session.log())) {
      session.programFailed();
    }
    return this;
  }

  Behavior<SessionCommand> onTimeout(Timeout message) {
    return this;
  }

  Behavior<SessionCommand> onQuiescent(Quiescent message) {
    return this;
  }

  Behavior<SessionCommand> onPartOn() {
    return this;
  }

  Behavior<SessionCommand> onReport(Report message) {
    session.logStatistics();
    message.done();
    return this;
  }

  /** Somebody wants the session to end now. */
  Behavior<SessionCommand> onStop() {
    session.decide(RelaySession.Ending.STOPPED);
    return SessionClosing.hurried(session);
  }
}
