package dev.sluice.relay;

import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Opened;
import java.time.Duration;

/**
 * What a {@link RelaySupervisor} is told by what it has started: addresses, listeners, sessions.
 */
sealed interface SupervisorCommand extends RelayCommand {
  /** The left address is open. */
  record AddressOpened(Opened opened) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onOpened(this);
    }
  }

  /** The left address could not be opened. */
  record OpenFailed(Throwable cause) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onOpenFailed(this);
    }
  }

  /** Something that others are to be told of. */
  record Happened(RelayEvent event) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onHappened(this);
    }
  }

  /** A peer was let in. */
  record Connected(Channel channel, Runnable announcement) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onConnected(this);
    }
  }

  /** Nobody can be let in. */
  record ListenerFailed(Throwable cause) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onListenerFailed(this);
    }
  }

  /** Peers are held back because they come too fast. */
  record HeldBack(Duration time) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onHeldBack(this);
    }
  }

  /**
   * A session's actor is gone. The session has its result written here before that, so one message
   * tells both.
   */
  final class SessionEnded implements SupervisorCommand {
    private final long session;
    private volatile RelaySession.Result result = RelaySession.Result.BROKEN;

    SessionEnded(long session) {
      this.session = session;
    }

    /** The number of the session. */
    long session() {
      return session;
    }

    /** How it ended; {@link RelaySession.Result#BROKEN} if it could not tell. */
    RelaySession.Result result() {
      return result;
    }

    void with(RelaySession.Result told) {
      result = told;
    }

    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onSessionEnded(this);
    }
  }

  /** A session has logged its counters for a report. */
  record Reported(long session, StatisticsReport report) implements SupervisorCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      report.answered(session);
      return supervisor;
    }
  }

  /** It is time for something. */
  enum Notice implements SupervisorCommand {
    ACCEPT_TIMED_OUT,
    RESUME_ACCEPT,
    CONNECT_AGAIN,
    /** A session is open, and somebody was held back until then. */
    ROOM_MADE,
    RESTART,
    /** The time to give up what was being opened is over. */
    OPENING_LEFT,
    /** All peers that were let in have been told of. */
    LISTENER_CLOSED;

    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onNotice(this);
    }
  }
}
