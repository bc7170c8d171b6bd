package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AskPattern;
import dev.sluice.fleet.file.SnapshotFile;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.GetSnapshot;
import dev.sluice.log.RelayLog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Writes snapshots of a fleet: now and then, and when somebody asks. A file that can't be written
 * is logged once, and tried again each time. Thread-safe.
 */
final class SnapshotKeeper {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorSystem<?> system;
  private final ActorRef<Command> supervisor;
  private final SnapshotFile file;
  private final Executor blocking;
  private boolean failing;

  SnapshotKeeper(ActorSystem<?> system, ActorRef<Command> supervisor, SnapshotFile file) {
    this.system = system;
    this.supervisor = supervisor;
    this.file = file;
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  void start(Duration every) {
    system.scheduler().scheduleWithFixedDelay(every, every, this::write, system.executionContext());
  }

  /** Completed when what holds now is in the file, or can't be. */
  CompletionStage<Void> write() {
    CompletionStage<FleetSnapshot> now =
        AskPattern.ask(supervisor, GetSnapshot::new, PATIENCE, system.scheduler());
    return now.thenAcceptAsync(this::write, blocking)
        .exceptionallyCompose(gone -> CompletableFuture.completedStage(null));
  }

  private synchronized void write(FleetSnapshot snapshot) {
    try {
      file.write(snapshot);
      if (failing) {
        failing = false;
        RelayLog.ofProcess().warning("snapshot is written again");
      }
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        RelayLog.ofProcess()
            .error("snapshot can't be written, the last one stays: " + e.getMessage());
      }
    }
  }
}
