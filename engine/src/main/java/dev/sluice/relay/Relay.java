package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.log.RelayLog;
import dev.sluice.spec.Problems;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A relay between two addresses, for use from Java: what the command line does, inside your own
 * actor system.
 *
 * <pre>{@code
 * RelayHandle relay = Relay.between("TCP-LISTEN:0,fork", "TCP:localhost:8080").start(system);
 * relay.boundAddress().thenAccept(address -> ...);
 * relay.stop();
 * }</pre>
 *
 * <p>Immutable; one relay can be started any number of times.
 */
public final class Relay {
  private final AddressPair left;
  private final AddressPair right;
  private final RelaySettings settings;
  private final @Nullable Consumer<RelayEvent> watcher;

  private Relay(
      AddressPair left,
      AddressPair right,
      RelaySettings settings,
      @Nullable Consumer<RelayEvent> watcher) {
    this.left = left;
    this.right = right;
    this.settings = settings;
    this.watcher = watcher;
  }

  /**
   * Reads two addresses, in the language of the command line.
   *
   * @throws IllegalArgumentException when something is wrong with them; the message has a line for
   *     each problem
   */
  public static Relay between(String left, String right) {
    return between(Side.address(left), Side.address(right));
  }

  /**
   * A relay between two sides, each an address or streams of your own.
   *
   * @throws IllegalArgumentException when something is wrong with an address; the message has a
   *     line for each problem
   */
  public static Relay between(Side left, Side right) {
    return between(left, right, Catalog.load());
  }

  /**
   * As {@link #between(Side, Side)}, with the address types of a catalog of your own.
   *
   * @throws IllegalArgumentException when something is wrong with an address; the message has a
   *     line for each problem
   */
  public static Relay between(Side left, Side right, Catalog catalog) {
    Problems problems = new Problems();
    AddressPair first = left.read(catalog, problems);
    AddressPair second = right.read(catalog, problems);
    if (first == null || second == null || !first.goesWith(second, problems)) {
      throw new IllegalArgumentException(problems.toString());
    }
    return new Relay(first, second, RelaySettings.DEFAULT, null);
  }

  /** The same relay with other settings. */
  public Relay with(RelaySettings newSettings) {
    return new Relay(left, right, newSettings, watcher);
  }

  /**
   * The same relay with a watcher, which gets every event from the first one on, one at a time. A
   * watcher that throws still gets the next event. A watcher that is 1,024 events behind loses
   * events until it has caught up.
   */
  public Relay watchedBy(Consumer<RelayEvent> newWatcher) {
    return new Relay(left, right, settings, newWatcher);
  }

  /**
   * The relay as a behavior, to spawn where you like.
   *
   * @param events receives what happens, on the actor's thread, so it must not block; an exception
   *     of it is logged
   */
  public Behavior<RelayCommand> behavior(RelayRuntime runtime, RelayWatcher events) {
    return RelaySupervisor.relay(left, right, settings, runtime, RelayLog.ofProcess(), events);
  }

  /** Starts it in an actor system, with the runtime that all relays of the system share. */
  public RelayHandle start(ActorSystem<?> system) {
    RelayEvents events = new RelayEvents();
    if (watcher != null) {
      events.feed(watcher, system);
    }
    ActorRef<RelayCommand> actor =
        system.systemActorOf(
            behavior(RelayRuntime.of(system), events),
            "relay-" + RelayRuntime.of(system).nextSession(),
            Props.empty());
    return new RelayHandle(actor, events);
  }
}
