package dev.sluice.relay;

import akka.actor.Cancellable;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.ActorContext;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import scala.concurrent.ExecutionContext;

/**
 * The pauses between attempts, until nobody wants the result any more.
 *
 * @param scheduler counts the time
 * @param executor runs what follows a pause
 * @param abandoned done once nobody wants the result
 */
record Pauses(Scheduler scheduler, Executor executor, CompletableFuture<Void> abandoned) {
  /** Those of an actor; what follows a pause runs on the actor's dispatcher. */
  static Pauses of(ActorContext<?> context, CompletableFuture<Void> abandoned) {
    return new Pauses(context.getSystem().scheduler(), context.getExecutionContext(), abandoned);
  }

  boolean isAbandoned() {
    return abandoned.isDone();
  }

  /**
   * Completed after that time; fails with {@link CancellationException} as soon as nobody wants the
   * result. It leaves nothing with {@code abandoned}, which lives as long as the attempts go on.
   */
  CompletionStage<Void> of(Duration time) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Cancellable timer =
        scheduler.scheduleOnce(
            time, () -> over.complete(null), ExecutionContext.fromExecutor(executor));
    CompletableFuture.anyOf(abandoned, over)
        .whenComplete(
            (none, error) -> {
              if (!over.isDone() && timer.cancel()) {
                over.completeExceptionally(new CancellationException());
              }
            });
    return over;
  }
}
