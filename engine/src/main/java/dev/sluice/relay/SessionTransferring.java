package dev.sluice.relay;

import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.fault.FaultReset;
import dev.sluice.log.Severity;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import dev.sluice.relay.SessionCommand.Ended;
import dev.sluice.relay.SessionCommand.ProgramEnded;
import dev.sluice.relay.SessionCommand.SourceEnded;
import dev.sluice.relay.SessionCommand.Timeout;
import dev.sluice.relay.SessionCommand.WriteFailed;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import dev.sluice.transfer.Transfers;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bytes move, both ways or one. Option -T limits how long nothing may move. */
class SessionTransferring extends SessionState {
  final SessionTransfers transfers;

  SessionTransferring(RelaySession session, SessionTransfers transfers) {
    super(session);
    this.transfers = transfers;
  }

  static Behavior<SessionCommand> begin(RelaySession session, SessionFiles files) {
    SessionChannels channels = session.channels();
    RelaySettings settings = session.settings();
    if (session.log().has(Severity.NOTICE)) {
      session
          .log()
          .notice(
              "starting data transfer loop with FDs %s and %s",
              channels.left().descriptors(), channels.right().descriptors());
    }
    TransferReports reports = new TransferReports(session);
    SessionTransfers transfers = new SessionTransfers(session, files, reports);
    session.uses(transfers);
    settings
        .onTransfer()
        .accept(() -> TransferStart.of(transfers.all(), channels.left(), channels.right()));
    if (session.home().followed()) {
      session
          .home()
          .supervisor()
          .tell(new SupervisorCommand.Happened(started(session, transfers.all())));
    }
    if (transfers.areOver()) {
      return SessionClosing.begin(session);
    }
    SessionTransferring state = new SessionTransferring(session, transfers);
    session.idleLimit().ifPresent(state::checkAfter);
    session.programs().watchInputs(channels);
    state.drainWhatHasEnded(channels.left());
    state.drainWhatHasEnded(channels.right());
    return state;
  }

  private static RelayEvent started(RelaySession session, Transfers transfers) {
    return new RelayEvent.TransferStarted(
        session.number(),
        plan(transfers, TransferDirection.LEFT_TO_RIGHT),
        plan(transfers, TransferDirection.RIGHT_TO_LEFT));
  }

  private static Optional<String> plan(Transfers transfers, TransferDirection direction) {
    return Optional.ofNullable(transfers.of(direction)).map(Transfer::plan);
  }

  final void checkAfter(Duration time) {
    session.setTimer(time, Timeout.CHECK);
  }

  // --- ends of data

  @Override
  final Behavior<SessionCommand> onSourceEnded(SourceEnded message) {
    announceEnd(message.direction());
    return this;
  }

  @Override
  Behavior<SessionCommand> onEnded(Ended message) {
    TransferDirection direction = message.direction();
    transfers.ended(direction);
    if (message.end() instanceof TransferEnd.EndOfStream ended) {
      transfers.heard(direction);
      return onEndOfStream(direction, ended);
    } else if (message.end() instanceof TransferEnd.ReadFailed failed) {
      return onReadFailure(direction, failed.error());
    }
    Throwable cause = ((TransferEnd.Broken) message.end()).cause();
    if (cause instanceof FaultReset) {
      session.log().error(String.valueOf(cause.getMessage()));
      session.channels().cutOffBoth();
    } else {
      session.log().error(String.valueOf(cause));
      session.channels().cutOff(direction);
    }
    return fail(cause);
  }

  private Behavior<SessionCommand> onEndOfStream(
      TransferDirection direction, TransferEnd.EndOfStream ended) {
    announceEnd(direction);
    NativeError error = ended.halfCloseError();
    boolean isDatagramLost =
        error != null
            && session.channels().destination(direction) instanceof Endpoint endpoint
            && endpoint.halfClose() == HalfClose.EMPTY_DATAGRAM;
    if (!isDatagramLost) {
      logHalfClose(error);
      return directionOver(direction);
    }
    session.log().error(Objects.requireNonNull(error).getMessage());
    return session.settings().sloppy() ? directionOver(direction) : fail(error);
  }

  private void logHalfClose(@Nullable NativeError error) {
    if (error != null) {
      session.log().info("%s", error.getMessage());
    }
  }

  /** With {@code -s} a source that can't be read is at its end. */
  private Behavior<SessionCommand> onReadFailure(TransferDirection direction, NativeError error) {
    session.log().error(error.getMessage());
    if (error.errno() == Errno.ECONNRESET) {
      session.channels().reset(direction);
    }
    if (!session.settings().sloppy()) {
      return fail(error);
    }
    announceError(direction);
    announceEnd(direction);
    if (session.channels().destination(direction) instanceof Endpoint endpoint) {
      logHalfClose(endpoint.endOutput());
    }
    return directionOver(direction);
  }

  /** The other direction has {@code -t} from now on, if there is one. */
  private Behavior<SessionCommand> directionOver(TransferDirection direction) {
    TransferDirection other = direction.opposite();
    if (transfers.areOver() || !transfers.has(other)) {
      return SessionAwaitingPrograms.begin(this, !transfers.has(other));
    }
    transfers.closing(other);
    return SessionDraining.begin(session, transfers);
  }

  private Behavior<SessionCommand> fail(Throwable cause) {
    session.ends(Outcome.FAILED.because(cause));
    return SessionClosing.begin(session);
  }

  private void announceEnd(TransferDirection direction) {
    if (transfers.announce(direction)) {
      session
          .log()
          .notice(
              "socket %d (fd %s) is at EOF",
              direction.source(), session.channels().source(direction).sourceName());
    }
  }

  private void announceError(TransferDirection direction) {
    session
        .log()
        .notice("socket %d to socket %d is in error", direction.source(), direction.destination());
  }

  // --- failed writes

  /** Whether a direction whose write failed reads on, with {@code -s} or {@code cool-write}. */
  static boolean tolerates(RelaySession session, TransferDirection direction, NativeError error) {
    return session.settings().sloppy() || isCool(session, direction, error);
  }

  private static boolean isCool(
      RelaySession session, TransferDirection direction, NativeError error) {
    return session.channels().destination(direction).dataOptions().coolWrite()
        && Errno.isPeerGone(error.errno());
  }

  @Override
  final Behavior<SessionCommand> onWriteFailed(WriteFailed message) {
    TransferDirection direction = message.direction();
    if (transfers.isCool(direction)) {
      reportLoss(message);
      return this;
    }
    if (wasForADeadProgram(direction, message.error())) {
      session.log().notice("%s", message.error().getMessage());
      session
          .log()
          .warning("the program has ended: " + message.lost() + " bytes were not written to it");
      transfers.ended(direction);
      return directionOver(direction);
    }
    if (isCool(session, direction, message.error())) {
      transfers.cool(direction);
      session.log().notice("%s", message.error().getMessage());
    } else {
      session.log().error(message.error().getMessage());
    }
    reportLoss(message);
    if (message.goesOn()) {
      transfers.excuse(direction);
      announceError(direction);
      return directionOver(direction);
    }
    transfers.ended(direction);
    session.ends(Outcome.FAILED.because(message.error()));
    return rescue(direction.opposite());
  }

  /**
   * Whether a program takes no more because it has said all that it had to say: how it ends decides
   * how the session ends.
   */
  private boolean wasForADeadProgram(TransferDirection direction, NativeError error) {
    return error.errno() == Errno.EPIPE
        && transfers.has(direction.opposite())
        && transfers.isOver(direction.opposite())
        && !session.channels().destination(direction).children().isEmpty();
  }

  private void reportLoss(WriteFailed message) {
    session.logLoss(message.direction(), message.lost());
  }

  /**
   * Writing to a peer has failed. What it had sent before, and lies ready to be read, is still
   * delivered; then the session ends.
   */
  Behavior<SessionCommand> rescue(TransferDirection direction) {
    return SessionRescuing.begin(session, transfers, direction);
  }

  // --- programs

  @Override
  void reportLoss() {
    transfers.warnOfLoss(session);
  }

  @Override
  Behavior<SessionCommand> onProgramEnded(ProgramEnded message) {
    super.onProgramEnded(message);
    drainIfEnded(message.channel(), message.program());
    return this;
  }

  private void drainWhatHasEnded(Channel channel) {
    for (ChildProcess program : channel.children()) {
      drainIfEnded(channel, program);
    }
  }

  private void drainIfEnded(Channel channel, ChildProcess program) {
    if (!program.isAlive()) {
      transfers.drainThenEnd(session.channels().outOf(channel));
    }
  }

  // --- time

  @Override
  Behavior<SessionCommand> onTimeout(Timeout message) {
    return session.idleLimit().map(this::endAfter).orElse(this);
  }

  /** Ends the session if nothing has moved for that long. */
  final Behavior<SessionCommand> endAfter(Duration limit) {
    long left = limit.toNanos() - idleNanos();
    if (left > 0) {
      checkAfter(Duration.ofNanos(left));
      return this;
    }
    if (session.settings().inactivityTimeout().isPresent()
        || session.idleLimit().filter(limit::equals).isPresent()) {
      session.log().notice("inactivity timeout triggered");
    }
    return SessionClosing.begin(session);
  }

  long idleNanos() {
    return transfers.idleNanos();
  }
}
