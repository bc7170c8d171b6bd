package dev.sluice.fleet.run;

import akka.actor.typed.ActorSystem;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.model.RelayDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Waits until the relays that a plan has changed are up.
 *
 * @param status asks how all is
 */
record ReadyWait(ActorSystem<?> system, Supplier<CompletionStage<FleetStatus>> status) {
  /** Between two looks. */
  private static final Duration LOOK = Duration.ofMillis(20);

  /**
   * What was seen last.
   *
   * @param version of the fleet that runs
   * @param missing the changed relays that are not up
   */
  record Seen(long version, List<String> missing) {}

  /** Completes when all are up, or after that time. */
  CompletionStage<Seen> of(FleetPlan plan, Duration wait) {
    CompletableFuture<Seen> result = new CompletableFuture<>();
    look(plan, System.nanoTime() + wait.toNanos(), result);
    return result;
  }

  private void look(FleetPlan plan, long end, CompletableFuture<Seen> result) {
    status
        .get()
        .whenComplete(
            (now, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
                return;
              }
              List<String> missing = notReady(plan, now);
              if (missing.isEmpty() || System.nanoTime() - end > 0) {
                result.complete(new Seen(now.version(), missing));
              } else {
                system
                    .scheduler()
                    .scheduleOnce(LOOK, () -> look(plan, end, result), system.executionContext());
              }
            });
  }

  private static List<String> notReady(FleetPlan plan, FleetStatus status) {
    Map<String, FleetStatus.RelayStatus> now = new HashMap<>();
    status.relays().forEach(relay -> now.put(relay.definition().name(), relay));
    List<String> missing = new ArrayList<>();
    for (FleetPlan.Change change : plan.changes()) {
      RelayDefinition wanted = change.after();
      FleetStatus.RelayStatus relay = now.get(change.name());
      if (wanted != null && (relay == null || !isUp(relay, wanted))) {
        missing.add(change.name());
      }
    }
    return missing;
  }

  private static boolean isUp(FleetStatus.RelayStatus relay, RelayDefinition wanted) {
    if (!relay.definition().saysAs(wanted)) {
      return false; // the old definition was kept
    }
    return !wanted.enabled()
        || relay.byHand()
        || (relay.state() == RelayState.RUNNING && (relay.pool() == null || relay.isReady()));
  }
}
