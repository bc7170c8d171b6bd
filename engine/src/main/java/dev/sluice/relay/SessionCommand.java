package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Opened;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.NativeError;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import java.util.concurrent.CompletionStage;

/**
 * What a {@link SessionState} is told. A command knows its handler: a table of handlers for each
 * session would be a tenth of an idle session's memory.
 */
sealed interface SessionCommand {
  Behavior<SessionCommand> applyTo(SessionState state);

  /** The left address has agreed with its peer on what comes before data, or has failed to. */
  record LeftGreeted(CompletionStage<? extends Channel> greeting) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onLeftGreeted(this);
    }
  }

  /** The right address is open. */
  record RightOpened(Opened opened) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onRightOpened(this);
    }
  }

  /** The files of options -r and -R are open, and option -D has been obeyed. */
  record FilesOpened(SessionFiles files) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onFilesOpened(this);
    }
  }

  /** The right address, or a file of options -r and -R, could not be opened. */
  record RightFailed(Throwable cause) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onRightFailed(this);
    }
  }

  /**
   * A source is at its end; {@link Ended} follows when the destination's output has been ended too.
   */
  record SourceEnded(TransferDirection direction) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onSourceEnded(this);
    }
  }

  /** Bytes could not be written; {@code goesOn} says whether the direction reads on. */
  record WriteFailed(TransferDirection direction, NativeError error, long lost, boolean goesOn)
      implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onWriteFailed(this);
    }
  }

  /** One direction has ended. */
  record Ended(TransferDirection direction, TransferEnd end) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onEnded(this);
    }
  }

  /** A program has the left address's descriptors. */
  record HandedOver(ChildProcess program) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onHandedOver(this);
    }
  }

  /** The program that has them has ended. */
  record SuccessorEnded(ChildProcess.Exit exit) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onSuccessorEnded(this);
    }
  }

  /** A program behind one of the addresses has ended. */
  record ProgramEnded(Channel channel, ChildProcess program, ChildProcess.Exit exit)
      implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onProgramEnded(this);
    }
  }

  /** It is time to see whether the session has been silent for too long. */
  enum Timeout implements SessionCommand {
    CHECK,
    /** The time that a program had to end is over. */
    PROGRAM;

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onTimeout(this);
    }
  }

  /** Nobody uses the descriptors any more. */
  enum Quiescent implements SessionCommand {
    NOW,
    /** Somebody still does, but we have waited long enough. */
    GIVEN_UP;

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onQuiescent(this);
    }
  }

  /** See whether the peers that are parted from have taken everything. */
  enum PartOn implements SessionCommand {
    NOW;

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onPartOn();
    }
  }

  /** Try again to open the right address, after descriptors ran out. */
  enum OpenAgain implements SessionCommand {
    NOW;

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onOpenAgain();
    }
  }

  /** A pause for a debugger is over. */
  enum PauseEnded implements SessionCommand {
    AFTER_FORK,
    BEFORE_TRANSFER;

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onPauseEnded(this);
    }
  }

  /** A supervisor of sessions that share our left address has ended. */
  record SharingEnded(Outcome outcome) implements SessionCommand {
    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onSharingEnded(this);
    }
  }

  /** Log the counters, and say so. */
  record Report(ActorRef<RelayCommand> replyTo, SupervisorCommand.Reported answer)
      implements SessionCommand {
    void done() {
      replyTo.tell(answer);
    }

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onReport(this);
    }
  }

  /** End now. */
  enum Stop implements SessionCommand {
    NOW;

    @Override
    public Behavior<SessionCommand> applyTo(SessionState state) {
      return state.onStop();
    }
  }
}
