package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.ChildProcess;
import dev.sluice.relay.SessionCommand.SuccessorEnded;

/** A program has the left address's descriptors (option nofork): its end is the session's. */
final class SessionHandedOver extends SessionState {
  private final ChildProcess program;

  private SessionHandedOver(RelaySession session, ChildProcess program) {
    super(session);
    this.program = program;
  }

  static Behavior<SessionCommand> begin(RelaySession session, ChildProcess program) {
    session.opened();
    if (session.channels().left() instanceof Endpoint left) {
      left.handOver();
    }
    ActorRef<SessionCommand> self = session.self();
    program.exit().thenAccept(exit -> self.tell(new SuccessorEnded(exit)));
    return new SessionHandedOver(session, program);
  }

  @Override
  Behavior<SessionCommand> onSuccessorEnded(SuccessorEnded message) {
    ChildProcess.Exit exit = message.exit();
    session.ends(new Outcome(exit.signalled() ? 128 + exit.code() : exit.code(), false));
    return SessionClosing.begin(session);
  }

  @Override
  Behavior<SessionCommand> onStop() {
    program.signal(TERM);
    return super.onStop();
  }
}
