package dev.sluice.fleet.run;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import dev.sluice.fleet.service.ServiceManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Keeps systemd informed of a fleet: ready once each relay has been tried, a line of status, and a
 * sign of life as long as the fleet answers questions. Thread-safe.
 */
public final class ServiceReports {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Checks of pools that take longer hold up nobody. */
  private static final Duration LONGEST_START = Duration.ofSeconds(20);

  private final ActorSystem<?> system;
  private final FleetRunner runner;
  private final ServiceManager manager;
  private final Executor blocking;

  public ServiceReports(ActorSystem<?> system, FleetRunner runner, ServiceManager manager) {
    this.system = system;
    this.runner = runner;
    this.manager = manager;
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  /** Begins, where there is somebody to tell; the fleet was told what to run. */
  public void start() {
    if (!manager.isThere()) {
      return;
    }
    awaitReady(System.nanoTime() + LONGEST_START.toNanos());
    every(LOOK, this::tellStatus);
    manager.watchdog().ifPresent(time -> every(time.dividedBy(3), this::tellAlive));
  }

  /** The fleet's file is being read; {@link #reloaded} follows. */
  public void reloading() {
    if (manager.isThere()) {
      manager.reloading(); // here, so that it comes before what follows
    }
  }

  /** The fleet was told what to run; it is ready again once that has been tried. */
  public void reloaded() {
    if (manager.isThere()) {
      awaitReady(System.nanoTime() + LONGEST_START.toNanos());
    }
  }

  /** The fleet ends. */
  public void stopping() {
    blocking.execute(manager::stopping);
  }

  private void every(Duration time, Runnable work) {
    system
        .scheduler()
        .scheduleWithFixedDelay(
            time, time, () -> blocking.execute(work), system.executionContext());
  }

  private void awaitReady(long limit) {
    runner
        .status()
        .whenComplete(
            (status, failure) -> {
              boolean isTried = status != null && status.relays().stream().allMatch(this::isTried);
              if (isTried || System.nanoTime() - limit > 0) {
                blocking.execute(
                    () -> {
                      manager.ready();
                      tellStatus();
                    });
              } else {
                system
                    .scheduler()
                    .scheduleOnce(SOON, () -> awaitReady(limit), system.executionContext());
              }
            });
  }

  /** Whether it is up, or has failed: one that fails must not keep the service from starting. */
  private boolean isTried(FleetStatus.RelayStatus relay) {
    return switch (relay.state()) {
      case WAITING, STARTING -> false;
      case RUNNING -> relay.isReady() || relay.isFailing();
      default -> true;
    };
  }

  private void tellStatus() {
    runner.status().thenAcceptAsync(status -> manager.status(line(status)), blocking);
  }

  /** An answer of the supervisor is the sign of life; a thread of ours alone would be none. */
  private void tellAlive() {
    runner.status().thenAcceptAsync(status -> manager.alive(), blocking);
  }

  static String line(FleetStatus status) {
    List<FleetStatus.RelayStatus> failing =
        status.relays().stream().filter(FleetStatus.RelayStatus::isFailing).toList();
    long up = status.relays().stream().filter(relay -> relay.state() == RelayState.RUNNING).count();
    long sessions = status.relays().stream().mapToLong(relay -> relay.sums().active()).sum();
    String text = status.relays().size() + " relays, " + up + " up, " + sessions + " sessions";
    if (failing.isEmpty()) {
      return text;
    }
    FleetStatus.RelayStatus first = failing.get(0);
    return text
        + ", "
        + failing.size()
        + " failing ("
        + first.definition().name()
        + ": "
        + first.why()
        + ")";
  }
}
