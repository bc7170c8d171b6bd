package dev.sluice.cluster;

import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.Problem;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The version of the fleet that this node runs, and the one that holds for all. Outlives the
 * cluster's actor systems; used by one of their actors at a time.
 */
final class FleetFile {
  private final LocalFleet fleet;
  private final KeptFile kept;
  private final String node;
  private Wire.Document running;
  private long tried = -1;
  private @Nullable String publishing;
  private volatile @Nullable String problem;

  /**
   * Makes one.
   *
   * @param running what runs now; version 0 when it never was the cluster's
   */
  FleetFile(LocalFleet fleet, KeptFile kept, String node, Wire.Document running) {
    this.fleet = fleet;
    this.kept = kept;
    this.node = node;
    this.running = running;
  }

  Wire.Document running() {
    return running;
  }

  /** Why the version that holds can't run on this node; null when it does. */
  @Nullable String problem() {
    return problem;
  }

  /** Something new that this node wants all to run. */
  Wire.Document draft(String shared, long time) {
    publishing = shared;
    return new Wire.Document(0, node, time, shared);
  }

  /** What became of it: the version that it got, or 0. */
  void published(long version, Executor blocking) {
    String shared = publishing;
    publishing = null;
    if (version > 0 && shared != null) {
      runs(new Wire.Document(version, node, System.currentTimeMillis(), shared), blocking);
    }
  }

  /**
   * Takes the version that holds for all.
   *
   * @param done told, on any thread, the document that runs then
   */
  void holds(Wire.Document document, Executor blocking, Consumer<Wire.Document> done) {
    boolean isNewer = document.version() > running.version();
    boolean differs =
        document.version() == running.version() && !document.shared().equals(running.shared());
    if (!isNewer && !differs) {
      return;
    }
    if (document.shared().equals(running.shared()) || document.shared().equals(publishing)) {
      runs(document, blocking);
      return;
    }
    if (document.version() == tried) {
      return;
    }
    tried = document.version();
    if (running.version() == 0 && !running.shared().isEmpty()) {
      RelayLog.ofProcess()
          .warning(
              "cluster: this node's file says something else than version "
                  + document.version()
                  + " of the cluster, from "
                  + document.author()
                  + ", which holds; sluice fleet apply makes this node's file hold");
    }
    String origin = "version " + document.version() + " of the cluster, from " + document.author();
    fleet
        .take(document.shared(), origin)
        .whenComplete(
            (problems, failure) -> {
              if (failure == null && problems.isEmpty()) {
                problem = null;
                done.accept(document);
              } else {
                problem = reason(problems, failure);
              }
            });
  }

  private static String reason(@Nullable List<Problem> problems, @Nullable Throwable failure) {
    return problems == null ? String.valueOf(failure) : problems.get(0).toString();
  }

  /** Takes note of what runs now, and keeps it. */
  void runs(Wire.Document document, Executor blocking) {
    running = document;
    problem = null;
    RelayLog.ofProcess()
        .always(
            Severity.NOTICE,
            "cluster: runs version "
                + document.version()
                + " of the file, from "
                + document.author());
    blocking.execute(
        () -> {
          try {
            kept.write(document);
          } catch (IOException e) {
            RelayLog.ofProcess().error("cluster: can't keep the file for the next start: " + e);
          }
        });
  }
}
