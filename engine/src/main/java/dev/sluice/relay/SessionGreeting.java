package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.sluice.endpoint.Channel;
import dev.sluice.relay.SessionCommand.LeftGreeted;
import dev.sluice.relay.SessionCommand.PauseEnded;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The left address agrees with its peer on what must be agreed on, such as a TLS handshake, before
 * the right address is opened.
 */
final class SessionGreeting extends SessionState {
  private static final Duration ROOM_RETRY = Duration.ofMillis(100);

  private final SessionPlan plan;
  private final @Nullable Opening right;

  private SessionGreeting(RelaySession session, SessionPlan plan, @Nullable Opening right) {
    super(session);
    this.plan = plan;
    this.right = right;
  }

  /**
   * The first state of a session.
   *
   * @param right its right address, if that is being opened already
   */
  static Behavior<SessionCommand> begin(
      RelaySession session, SessionPlan plan, @Nullable Opening right) {
    SessionGreeting state = new SessionGreeting(session, plan, right);
    Duration pause = plan.pause();
    if (!pause.isZero()) {
      session.after(pause, PauseEnded.AFTER_FORK);
      return state;
    }
    try {
      return state.greet();
    } catch (RuntimeException e) {
      // an actor that throws before it has a behaviour is told nothing, and would close nothing
      return SessionOpening.failed(session, plan, right, e);
    }
  }

  @Override
  Behavior<SessionCommand> onPauseEnded(PauseEnded message) {
    return greet();
  }

  private Behavior<SessionCommand> greet() {
    Channel left = session.channels().left();
    session.watchPrograms(left);
    CompletionStage<? extends Channel> greeting = left.greet(session.log());
    if (greeting.toCompletableFuture().isDone()) {
      return SessionOpening.after(session, plan, right, greeting);
    }
    session.passTurn(); // others do not wait for this peer
    session.lendRoom();
    ActorRef<SessionCommand> self = session.self();
    greeting.whenComplete((greeted, failure) -> self.tell(new LeftGreeted(greeting)));
    return this;
  }

  @Override
  Behavior<SessionCommand> onLeftGreeted(LeftGreeted message) {
    boolean failed = message.greeting().toCompletableFuture().isCompletedExceptionally();
    if (failed || session.takeRoomBack()) {
      return SessionOpening.after(session, plan, right, message.greeting());
    }
    session.after(ROOM_RETRY, message);
    return this;
  }
}
