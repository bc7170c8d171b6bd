package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.endpoint.Parting;
import dev.sluice.relay.SessionCommand.PartOn;
import dev.sluice.relay.SessionCommand.ProgramEnded;
import dev.sluice.relay.SessionCommand.Quiescent;
import dev.sluice.relay.SessionCommand.WriteFailed;
import dev.sluice.transfer.TransferDirection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The session ends: transfers stop, then each peer takes what was written to it, then everything is
 * closed.
 */
final class SessionClosing extends SessionState {
  /** How long a peer may take nothing of what waits for it before the session gives up. */
  static final Duration ROOM_PATIENCE = Duration.ofSeconds(30);

  static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);
  static final Duration FIRST_PAUSE = Duration.ofMillis(1);

  private final SessionTransfers transfers;
  private List<Parting> partings = List.of();
  private Duration pause = FIRST_PAUSE;
  private Duration patience;

  private SessionClosing(RelaySession session, SessionTransfers transfers, Duration patience) {
    super(session);
    this.transfers = transfers;
    this.patience = patience;
  }

  /** Ends a session that has come to its end. */
  static Behavior<SessionCommand> begin(RelaySession session) {
    session.decide(RelaySession.Ending.ITSELF);
    return begin(session, ROOM_PATIENCE);
  }

  /** Ends a session that somebody has stopped: slow peers have a second. */
  static Behavior<SessionCommand> hurried(RelaySession session) {
    return begin(session, STOP_PATIENCE);
  }

  private static Behavior<SessionCommand> begin(RelaySession session, Duration patience) {
    session.cancelTimer();
    SessionTransfers transfers = session.transfers();
    if (transfers == null) {
      return Behaviors.stopped();
    }
    ActorRef<SessionCommand> self = session.self();
    SessionClosing state = new SessionClosing(session, transfers, patience);
    CompletableFuture<Void> still = transfers.stop();
    if (still.isDone()) {
      return state.onQuiescent(Quiescent.NOW);
    }
    still.thenRun(() -> self.tell(Quiescent.NOW));
    session.setTimer(STOP_PATIENCE, Quiescent.GIVEN_UP);
    return state;
  }

  @Override
  Behavior<SessionCommand> onQuiescent(Quiescent message) {
    session.cancelTimer();
    if (message == Quiescent.GIVEN_UP) {
      tellWhatIsBeingWritten();
      return Behaviors.stopped();
    }
    addPartings(session.channels().left(), TransferDirection.LEFT_TO_RIGHT);
    addPartings(session.channels().right(), TransferDirection.RIGHT_TO_LEFT);
    return partings.isEmpty() ? Behaviors.stopped() : onPartOn();
  }

  /** A call that blocks can't be stopped, and keeps the bytes that it was given. */
  private void tellWhatIsBeingWritten() {
    for (TransferDirection direction : TransferDirection.values()) {
      if (transfers.waitsForRoom(direction)) {
        session.lost("what was read last from socket " + direction.source() + " was not written");
      }
    }
  }

  /** A peer whose end of data has come sends nothing more that could be left unread. */
  private void addPartings(Channel channel, TransferDirection outOf) {
    if (session.channels().isCutOff(channel) || session.channels().isGone(channel)) {
      return;
    }
    for (Endpoint part : SessionChannels.parts(channel)) {
      boolean heardAll =
          transfers.hasHeardAll(outOf)
              && part.halfClose() != HalfClose.FAREWELL
              && !part.hasProgram();
      if (!heardAll && Parting.isNeeded(part)) {
        if (partings.isEmpty()) {
          partings = new ArrayList<>(2); // most sessions need none
        }
        partings.add(new Parting(part));
      }
    }
  }

  /** Ends when each peer has taken everything, or has taken nothing for too long. */
  @Override
  Behavior<SessionCommand> onPartOn() {
    partings.removeIf(Parting::step);
    if (partings.isEmpty() || partings.stream().allMatch(part -> part.isGivenUp(patience))) {
      return Behaviors.stopped();
    }
    session.after(pause, PartOn.NOW);
    pause = longer(pause);
    return this;
  }

  /** The pause before the next look at a peer that had no room after the last one. */
  static Duration longer(Duration pause) {
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
  }

  /** How it ended does not matter any more. */
  @Override
  Behavior<SessionCommand> onProgramEnded(ProgramEnded message) {
    session.programs().ended(message);
    return this;
  }

  /** What a direction lost when it was stopped. */
  @Override
  Behavior<SessionCommand> onWriteFailed(WriteFailed message) {
    session.logLoss(message.direction(), message.lost());
    return this;
  }

  @Override
  Behavior<SessionCommand> onStop() {
    patience = STOP_PATIENCE;
    return this;
  }

  @Override
  void reportLoss() {
    transfers.warnOfLoss(session);
    long unread = 0;
    for (Parting parting : partings) {
      unread += parting.unread();
    }
    if (unread > 0) {
      session.lost(unread + " bytes were not read by the program that they were written to");
    }
  }
}
