package dev.sluice.relay;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;

/**
 * A command from the owner of a relay to its {@link RelaySupervisor}. Messages from its own
 * sessions and listeners are {@link SupervisorCommand}s.
 */
public sealed interface RelayCommand
    permits RelayCommand.Stop,
        RelayCommand.Drain,
        RelayCommand.EndSession,
        RelayCommand.LimitSessions,
        RelayCommand.LimitPeers,
        RelayCommand.ReportStatistics,
        SupervisorCommand {
  /** Has the supervisor do it; returns what handles the next command. */
  Behavior<RelayCommand> applyTo(RelaySupervisor supervisor);

  /** End all sessions, then itself. */
  enum Stop implements RelayCommand {
    NOW;

    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onStop();
    }
  }

  /** Take no more connections, and end when the last session has. */
  enum Drain implements RelayCommand {
    NOW;

    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onDrain();
    }
  }

  /** End one session, if it is alive. */
  record EndSession(long session) implements RelayCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onEndSession(this);
    }
  }

  /** Limit the sessions from now on; 0 for any number, up to {@code max-children}. */
  record LimitSessions(int most) implements RelayCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onLimitSessions(this);
    }
  }

  /**
   * Limit the rate of new sessions, and the sessions of one client, from now on. Peers that come
   * too fast wait before they are accepted; a session too many of one client is refused and logged.
   *
   * @param perSecond new sessions in a second; 0 for any number
   * @param perClient sessions of one host at once; 0 for any number
   */
  record LimitPeers(int perSecond, int perClient) implements RelayCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onLimitPeers(this);
    }
  }

  /** Log the counters of the sessions, and say so. */
  record ReportStatistics(ActorRef<Done> replyTo) implements RelayCommand {
    @Override
    public Behavior<RelayCommand> applyTo(RelaySupervisor supervisor) {
      return supervisor.onReportStatistics(this);
    }
  }
}
