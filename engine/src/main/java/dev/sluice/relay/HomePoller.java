package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.Terminated;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.BiFunction;

/**
 * Puts a supervisor on the poller that serves its listener, so that a new connection wakes no other
 * thread on its way to a session.
 */
final class HomePoller extends ExtensibleBehavior<RelayCommand> {
  private final ActorRef<RelayCommand> supervisor;

  private HomePoller(ActorRef<RelayCommand> supervisor) {
    this.supervisor = supervisor;
  }

  /** Hands commands on to the supervisor on its poller, and ends with it. */
  static Behavior<RelayCommand> of(
      RelayRuntime runtime,
      BiFunction<ActorContext<RelayCommand>, SessionPoller, RelaySupervisor> maker) {
    return Behaviors.setup(
        outer -> {
          SessionPoller home = runtime.nextPoller();
          ActorRef<RelayCommand> supervisor =
              outer.spawn(
                  Behaviors.setup(context -> maker.apply(context, home)),
                  "supervisor",
                  home.dispatcher());
          outer.watch(supervisor);
          return new HomePoller(supervisor);
        });
  }

  @Override
  public Behavior<RelayCommand> receive(
      TypedActorContext<RelayCommand> context, RelayCommand message) {
    supervisor.tell(message);
    return this;
  }

  @Override
  public Behavior<RelayCommand> receiveSignal(
      TypedActorContext<RelayCommand> context, Signal signal) {
    return signal instanceof Terminated ? Behaviors.stopped() : Behaviors.unhandled();
  }
}
