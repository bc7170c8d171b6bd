package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Parting;
import dev.sluice.log.RelayLog;
import dev.sluice.os.ChildProcess;
import dev.sluice.relay.SessionCommand.ProgramEnded;
import java.util.List;

/** The programs behind a session's addresses: who of them lives, and has still to read. */
final class SessionPrograms {
  /** Of a session that has no programs, as most. */
  static final SessionPrograms NONE = new SessionPrograms();

  private int running;
  private List<Parting> inputs = List.of();

  /**
   * Has the session hear of the ends of the programs behind a channel that is its alone.
   *
   * @return these programs and those that there were before
   */
  SessionPrograms watch(Channel channel, RelaySession session) {
    List<ChildProcess> found = channel.isShared() ? List.of() : channel.children();
    if (found.isEmpty()) {
      return this;
    }
    SessionPrograms programs = this == NONE ? new SessionPrograms() : this;
    ActorRef<SessionCommand> self = session.self();
    for (ChildProcess program : found) {
      programs.running++;
      program.exit().thenAccept(exit -> self.tell(new ProgramEnded(channel, program, exit)));
    }
    return programs;
  }

  /** Data begin to flow: looks from now on at what the programs have not read. */
  void watchInputs(SessionChannels channels) {
    if (running > 0) {
      inputs =
          channels.parts().stream()
              .filter(part -> part.hasProgram() && Parting.isNeeded(part))
              .map(Parting::new)
              .toList();
    }
  }

  boolean areRunning() {
    return running > 0;
  }

  /** One has ended, and it does not matter how. */
  void ended(ProgramEnded message) {
    running--;
  }

  /** One has ended; says so, and returns whether it failed. */
  boolean endedAndFailed(ProgramEnded message, RelayLog log) {
    running--;
    log.notice("childdied(): handling signal 17");
    ChildProcess.Exit exit = message.exit();
    String text = "waitpid(): child " + message.program().pid() + " " + exit;
    if (exit.isFailure()) {
      log.warning(text);
    } else {
      log.info("%s", text);
    }
    return exit.isFailure();
  }

  /** Whether one has not read all that was written to it, and has read some within that time. */
  boolean read(long withinNanos) {
    inputs.forEach(Parting::look);
    return inputs.stream().anyMatch(input -> input.unread() > 0 && input.idleNanos() < withinNanos);
  }

  /** Whether one has not read all that was written to it. */
  boolean haveUnread() {
    return read(Long.MAX_VALUE);
  }

  /** Nanoseconds since one of them read something; {@link Long#MAX_VALUE} without programs. */
  long idleNanos() {
    long least = Long.MAX_VALUE;
    for (Parting input : inputs) {
      least = Math.min(least, input.idleNanos());
    }
    return least;
  }
}
