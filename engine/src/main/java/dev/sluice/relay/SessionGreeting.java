package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Channel;
import dev.sluice.relay.SessionCommand.LeftGreeted;
import dev.sluice.relay.SessionCommand.PauseEnded;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The left address agrees with its peer on what must be agreed on, such as a TLS handshake, before
 * the right address is opened.
 */
final class SessionGreeting extends SessionState {
  private static final Duration ROOM_RETRY = Duration.ofMillis(100);

  private SessionGreeting(RelaySession session) {
    super(session);
  }

  /** The first state of a session. */
  static Behavior<SessionCommand> begin(RelaySession session) {
    SessionGreeting state = new SessionGreeting(session);
    Duration pause = session.plan().pause();
    if (!pause.isZero()) {
      session.after(pause, PauseEnded.AFTER_FORK);
      return state;
    }
    try {
      return state.greet();
    } catch (RuntimeException e) {
      // an actor that throws before it has a behaviour is told nothing, and would close nothing
      return SessionOpening.failed(session, e);
    }
  }

  @Override
  Behavior<SessionCommand> onPauseEnded(PauseEnded message) {
    return greet();
  }

  private Behavior<SessionCommand> greet() {
    Channel left = session.channels().left();
    session.programs().watch(left);
    CompletionStage<? extends Channel> greeting = left.greet(session.log());
    if (greeting.toCompletableFuture().isDone()) {
      return SessionOpening.after(session, greeting);
    }
    session.plan().turn().pass(); // others do not wait for this peer
    session.lendRoom();
    ActorRef<SessionCommand> self = session.self();
    greeting.whenComplete((greeted, failure) -> self.tell(new LeftGreeted(greeting)));
    return this;
  }

  @Override
  Behavior<SessionCommand> onLeftGreeted(LeftGreeted message) {
    boolean failed = message.greeting().toCompletableFuture().isCompletedExceptionally();
    if (failed || session.takeRoomBack()) {
      return SessionOpening.after(session, message.greeting());
    }
    session.after(ROOM_RETRY, message);
    return this;
  }
}
