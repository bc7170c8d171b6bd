package dev.sluice.cli;

import akka.actor.typed.ActorSystem;
import dev.sluice.relay.RelaySystem;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An actor system on its way, on a thread of its own: it takes half of the time to the first byte,
 * and nobody needs it before the addresses have been read.
 */
final class StartingActors {
  private final CompletableFuture<ActorSystem<Void>> system = new CompletableFuture<>();

  private StartingActors() {}

  /** Begins, with the configuration that was packaged if there is one. */
  static StartingActors begin(@Nullable Packaged packaged) {
    StartingActors starting = new StartingActors();
    Thread thread = new Thread(() -> starting.create(packaged), "start-actors");
    thread.setDaemon(true);
    thread.start();
    return starting;
  }

  private void create(@Nullable Packaged packaged) {
    try {
      system.complete(
          packaged == null
              ? RelaySystem.create("sluice")
              : RelaySystem.create("sluice", packaged.configuration()));
    } catch (RuntimeException | Error e) {
      system.completeExceptionally(e);
    }
  }

  /** The actor system; waits for it. */
  ActorSystem<Void> system() {
    return system.join();
  }
}
