package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Handover;
import dev.sluice.endpoint.Opened;
import dev.sluice.fault.Fault;
import dev.sluice.fault.SessionFaults;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import dev.sluice.relay.SessionCommand.HandedOver;
import dev.sluice.relay.SessionCommand.OpenAgain;
import dev.sluice.relay.SessionCommand.RightFailed;
import dev.sluice.relay.SessionCommand.RightOpened;
import dev.sluice.relay.SessionCommand.Timeout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The right address is being opened, as often as its retry options say. */
final class SessionOpening extends SessionState {
  private static final Duration DESCRIPTOR_RETRY = Duration.ofMillis(100);

  private final SessionPlan plan;
  private final Opening opening;
  private boolean shortOfDescriptors;

  private SessionOpening(RelaySession session, SessionPlan plan, Opening opening) {
    super(session);
    this.plan = plan;
    this.opening = opening;
  }

  /**
   * Opens the right address once the left one has been greeted.
   *
   * @param begun the right address, if it is being opened already
   */
  static Behavior<SessionCommand> after(
      RelaySession session,
      SessionPlan plan,
      @Nullable Opening begun,
      CompletionStage<? extends Channel> greeting) {
    if (begun != null) {
      SessionOpening begunBefore = new SessionOpening(session, plan, begun);
      begunBefore.await();
      return begunBefore;
    }
    SessionOpening state = new SessionOpening(session, plan, new Opening());
    greeting.whenComplete(
        (left, failure) -> {
          if (failure == null) {
            session.channels().greeted(left);
            state.open();
          } else {
            session.self().tell(new RightFailed(AddressOpener.unwrap(failure)));
          }
        });
    return state;
  }

  /** Fails at once. A right address that is being opened already is closed when it is open. */
  static Behavior<SessionCommand> failed(
      RelaySession session, SessionPlan plan, @Nullable Opening begun, RuntimeException cause) {
    if (begun != null) {
      begun.discard();
    }
    session.self().tell(new RightFailed(cause));
    return new SessionOpening(session, plan, new Opening());
  }

  private void open() {
    Optional<Fault> refusal =
        SessionFaults.refusal(
            session.settings().faults(),
            session.channels().left().dataOptions().faults(),
            session.number());
    if (refusal.isPresent()) {
      session.channels().cutOffBoth();
      session.self().tell(new RightFailed(AddressOpener.refusedBy(refusal.get())));
      return;
    }
    opening.begin(openRight());
    await();
  }

  private void await() {
    ActorRef<SessionCommand> self = session.self();
    opening.await(
        opened -> self.tell(new RightOpened(opened)),
        failure -> self.tell(new RightFailed(failure)));
  }

  private CompletionStage<? extends Opened> openRight() {
    if (plan.right() instanceof SessionPlan.Right.Open open) {
      session.channels().opened(open.channel());
      return open.channel().greet(session.log());
    }
    return RightAddress.open(
        ((SessionPlan.Right.ToOpen) plan.right()).address(),
        plan,
        session.channels().left(),
        session.context().getSystem().scheduler(),
        opening.abandoned());
  }

  @Override
  Behavior<SessionCommand> onRightOpened(RightOpened message) {
    opening.over();
    if (opening.isAbandoned()) {
      AddressOpener.discard(message.opened());
      return Behaviors.stopped();
    }
    if (plan.right() instanceof SessionPlan.Right.ToOpen side
        && side.address().first().options().isOn(RelayOptions.FORK)) {
      return SessionSharing.begin(session, message.opened(), side.address());
    }
    if (message.opened() instanceof Handover handover) {
      return handOver(handover);
    }
    return SessionReady.begin(session, (Channel) message.opened());
  }

  /** The program gets the left address's own descriptors; the session only awaits its end. */
  private Behavior<SessionCommand> handOver(Handover handover) {
    if (!(session.channels().left() instanceof Endpoint left)
        || left.isProcessed()
        || left.isShared()) {
      return failed(AddressOpener.noforkNotAllowed());
    }
    ActorRef<SessionCommand> self = session.self();
    handover
        .to(left, session.home().runtime().mayReplaceProcess(session.log().session()))
        .whenComplete(
            (program, failure) ->
                self.tell(
                    program != null
                        ? new HandedOver(program)
                        : new RightFailed(AddressOpener.unwrap(failure))));
    return this;
  }

  @Override
  Behavior<SessionCommand> onHandedOver(HandedOver message) {
    return opening.isAbandoned()
        ? super.onHandedOver(message)
        : SessionHandedOver.begin(session, message.program());
  }

  @Override
  Behavior<SessionCommand> onRightFailed(RightFailed message) {
    opening.over();
    if (opening.isAbandoned()) {
      return Behaviors.stopped();
    }
    if (message.cause() instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
      if (!shortOfDescriptors) {
        shortOfDescriptors = true;
        session.log().warning(error.getMessage() + "; waiting for a free descriptor");
      }
      session.after(DESCRIPTOR_RETRY, OpenAgain.NOW);
      return this;
    }
    return failed(message.cause());
  }

  private Behavior<SessionCommand> failed(Throwable cause) {
    session.failedToOpen(cause);
    return SessionClosing.begin(session);
  }

  @Override
  Behavior<SessionCommand> onOpenAgain() {
    if (opening.isAbandoned()) {
      return Behaviors.stopped();
    }
    open();
    return this;
  }

  /** What is being opened at the moment is waited for a little, so that it is closed in order. */
  @Override
  Behavior<SessionCommand> onStop() {
    session.decide(RelaySession.Ending.STOPPED);
    if (!opening.isGoingOn()) {
      return Behaviors.stopped();
    }
    if (opening.abandon()) {
      session.after(Opening.PATIENCE, Timeout.CHECK);
    }
    return this;
  }

  @Override
  Behavior<SessionCommand> onTimeout(Timeout message) {
    return opening.isAbandoned() ? Behaviors.stopped() : this;
  }

  @Override
  void release() {
    opening.discard();
  }
}
