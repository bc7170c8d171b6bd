package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.Behaviors;
import java.util.concurrent.CompletableFuture;

/** Tells that a fleet has ended. */
final class EndWatch {
  private EndWatch() {}

  /** Completes {@code ended} with the end of the actor. */
  static void start(ActorSystem<?> system, ActorRef<?> supervisor, CompletableFuture<Void> ended) {
    system.systemActorOf(
        Behaviors.<Void>setup(
            context -> {
              context.watch(supervisor);
              return Behaviors.receive(Void.class)
                  .onSignal(
                      Terminated.class,
                      signal -> {
                        ended.complete(null);
                        return Behaviors.stopped();
                      })
                  .build();
            }),
        "fleet-end",
        Props.empty());
  }
}
