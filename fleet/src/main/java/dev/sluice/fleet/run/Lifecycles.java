package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Retry;
import dev.sluice.fleet.run.FleetProtocol.BeginAgain;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.CutOff;
import dev.sluice.fleet.run.FleetProtocol.Happened;
import dev.sluice.fleet.run.FleetProtocol.SlotFree;
import dev.sluice.fleet.run.FleetProtocol.StopGeneration;
import dev.sluice.fleet.run.ManagedRelay.Generation;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.RelayCommand;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RetryPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the relays of a fleet, a few at a time; begins those again that have ended; ends them, or
 * has new generations take their places. Used on the {@link FleetSupervisor}'s thread only.
 */
final class Lifecycles {
  /** Relays that open their left address at the same time. */
  private static final int AT_ONCE = 64;

  /** Attempts to bind, and the time between them, after a listener of ours was closed for it. */
  private static final int QUICK_ATTEMPTS = 50;

  private static final Duration QUICK = Duration.ofMillis(20);

  /** A relay that takes longer to open does not hold up those behind it. */
  private static final Duration SLOW_START = Duration.ofSeconds(1);

  private final ActorContext<Command> context;
  private final ActorRef<Command> self;
  private final Map<String, ManagedRelay> relays;
  private final Consumer<RelayDefinition> restored;
  private final Consumer<FleetEvent> events;
  private final Generations generations;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private final Map<String, Integer> starting = new LinkedHashMap<>();
  private boolean ending;

  /**
   * Makes them.
   *
   * @param relays the relays, by name; those that are gone for good are removed
   * @param generations begins each run of a relay
   * @param restored told the definition that a relay goes on with, when its new one can't be bound
   */
  Lifecycles(
      ActorContext<Command> context,
      Map<String, ManagedRelay> relays,
      Generations generations,
      Consumer<RelayDefinition> restored,
      Consumer<FleetEvent> events) {
    this.generations = generations;
    this.context = context;
    this.self = context.getSelf();
    this.relays = relays;
    this.restored = restored;
    this.events = events;
  }

  /** Tells those who watch. */
  void tell(FleetEvent event) {
    events.accept(event);
  }

  /** From now on nothing is begun, or begun again. */
  void end() {
    ending = true;
    waiting.clear();
  }

  // --- starting, one generation after the other

  void wantStart(ManagedRelay relay) {
    relay.cancelRetry();
    relay.state(RelayState.WAITING);
    waiting.add(relay.definition.name());
    startWaiting();
  }

  private void startWaiting() {
    while (starting.size() < AT_ONCE && !waiting.isEmpty()) {
      ManagedRelay relay = relays.get(waiting.remove());
      if (relay != null && relay.state() == RelayState.WAITING && relay.current == null) {
        start(relay);
      }
    }
  }

  private void start(ManagedRelay relay) {
    String name = relay.definition.name();
    Generation next = generations.start(relay);
    if (next == null) { // it was read before, so this takes a fault of ours
      relay.state(RelayState.ENDED);
      return;
    }
    relay.current = next;
    relay.listening = null;
    relay.state(RelayState.STARTING);
    starting.put(name, next.number);
    context.scheduleOnce(SLOW_START, self, new SlotFree(name, next.number));
  }

  void freeSlot(SlotFree message) {
    freeSlot(message.name(), message.generation());
  }

  private void freeSlot(String name, int generation) {
    if (starting.remove(name, generation)) {
      startWaiting();
    }
  }

  /** Takes note of what a relay did; its generation may have been forgotten already. */
  void happened(Happened message) {
    ManagedRelay relay = relays.get(message.name());
    Generation generation = relay == null ? null : relay.generation(message.generation());
    if (relay == null || generation == null) {
      return;
    }
    RelayEvent event = message.event();
    if (event instanceof RelayEvent.Listening begun) {
      bound(relay, generation, begun.address().map(RelayCounters::text).orElse(begun.text()));
    } else if (event instanceof RelayEvent.SessionStarted) {
      bound(relay, generation, null);
    } else if (event instanceof RelayEvent.Restarting) {
      relay.counters.restarted();
    } else if (event instanceof RelayEvent.Ended end) {
      ended(relay, generation, end.outcome());
    }
  }

  private void bound(ManagedRelay relay, Generation generation, @Nullable String address) {
    generation.bind();
    freeSlot(relay.definition.name(), generation.number);
    if (generation != relay.current) {
      return;
    }
    if (address != null) {
      relay.failures = 0;
    }
    relay.quickAttempts = 0;
    relay.listening = address;
    relay.state(RelayState.RUNNING);
    Generation old = relay.replaced;
    if (old != null) {
      relay.replaced = null;
      retire(relay, old, generation.definition.onChange());
    }
    events.accept(new FleetEvent.Bound(relay.definition.name(), address));
  }

  private void ended(ManagedRelay relay, Generation generation, Outcome outcome) {
    String name = relay.definition.name();
    freeSlot(name, generation.number);
    relay.retired.remove(generation);
    if (generation == relay.replaced) {
      relay.replaced = null; // it ended while its successor was starting
    } else if (generation == relay.current) {
      relay.current = null;
      relay.listening = null;
      if (relay.replaced != null && !generation.isBound()) {
        takeBack(relay, relay.replaced, outcome);
      } else {
        afterEnd(relay, generation, outcome);
      }
    }
    if (relay.removed && relay.isGone()) {
      relays.remove(name);
      events.accept(new FleetEvent.Removed(name));
    } else if (relay.current == null && relay.retired.isEmpty() && !relay.isWanted()) {
      relay.state(RelayState.STOPPED);
    }
  }

  /** The successor could not be bound, so its predecessor stays, or makes room for it. */
  private void takeBack(ManagedRelay relay, Generation old, Outcome outcome) {
    String reason = String.valueOf(relay.counters.sums().lastError());
    relay.replaced = null;
    if (isInUse(outcome)) {
      retire(relay, old, relay.definition.onChange());
      relay.quickAttempts = QUICK_ATTEMPTS;
      retry(relay, QUICK);
      return;
    }
    relay.current = old;
    relay.definition = old.definition;
    restored.accept(old.definition);
    relay.state(RelayState.RUNNING);
    events.accept(new FleetEvent.Kept(relay.definition.name(), reason));
  }

  private static boolean isInUse(Outcome outcome) {
    return outcome
        .cause()
        .filter(
            cause ->
                (cause instanceof NativeError error && error.errno() == Errno.EADDRINUSE)
                    || (cause instanceof OpenFailure failure
                        && failure.errno() == Errno.EADDRINUSE))
        .isPresent();
  }

  private void afterEnd(ManagedRelay relay, Generation generation, Outcome outcome) {
    String name = relay.definition.name();
    if (ending || !relay.isWanted()) {
      return;
    }
    Retry retry = relay.definition.retry();
    if (retry.when() == Retry.When.NEVER
        || (retry.when() == Retry.When.ON_FAILURE && outcome.status() == 0)) {
      relay.state(RelayState.ENDED);
      events.accept(new FleetEvent.Ended(name, outcome.status()));
      return;
    }
    relay.counters.restarted();
    String reason = String.valueOf(relay.counters.sums().lastError());
    if (relay.quickAttempts > 0 && isInUse(outcome)) {
      relay.quickAttempts--; // what held the port was ours, and is about to be closed
      retry(relay, QUICK);
      return;
    }
    if (generation.hasRunFor(retry.backoff())) {
      relay.failures = 0;
    }
    Duration delay =
        new RetryPolicy(Integer.MAX_VALUE, retry.interval(), Optional.of(retry.backoff()))
            .delay(relay.failures);
    relay.failures = outcome.status() == 0 ? 0 : relay.failures + 1;
    retry(relay, delay);
    if (outcome.status() != 0) {
      events.accept(new FleetEvent.Failed(name, reason, delay));
    }
  }

  private void retry(ManagedRelay relay, Duration delay) {
    relay.cancelRetry();
    relay.state(RelayState.RETRYING);
    relay.nextAttempt = delay;
    relay.retry =
        context.scheduleOnce(
            delay, self, new BeginAgain(relay.definition.name(), relay.generations));
  }

  void beginAgain(BeginAgain message) {
    ManagedRelay relay = relays.get(message.name());
    if (relay != null
        && relay.state() == RelayState.RETRYING
        && relay.generations == message.generation()
        && relay.isWanted()
        && !ending) {
      wantStart(relay);
    }
  }

  // --- ending

  /** Has a generation take no more sessions; what becomes of those it has, the policy says. */
  void retire(ManagedRelay relay, Generation old, OnChange policy) {
    if (!old.retired) {
      old.retired = true;
      relay.retired.add(old);
    }
    if (policy instanceof OnChange.Cut) {
      old.actor.tell(RelayCommand.Stop.NOW);
      return;
    }
    old.actor.tell(RelayCommand.Drain.NOW);
    if (policy instanceof OnChange.Drain drain) {
      context.scheduleOnce(
          drain.deadline(), self, new StopGeneration(relay.definition.name(), old.number));
    }
  }

  void stopGeneration(StopGeneration message) {
    ManagedRelay relay = relays.get(message.name());
    Generation generation = relay == null ? null : relay.generation(message.generation());
    if (generation != null) {
      generation.actor.tell(RelayCommand.Stop.NOW);
    }
  }

  /** Ends what the relay runs now, as the policy says. */
  void stop(ManagedRelay relay, OnChange policy) {
    relay.cancelRetry();
    for (Generation one : new Generation[] {relay.replaced, relay.current}) {
      if (one != null) {
        retire(relay, one, policy);
      }
    }
    relay.replaced = null;
    relay.current = null;
    relay.listening = null;
    relay.state(relay.retired.isEmpty() ? RelayState.STOPPED : RelayState.DRAINING);
  }

  void changeTarget(ManagedRelay relay, RelayDefinition after) {
    Generation current = relay.current;
    RelayReader.Understood understood = generations.understood(after);
    if (current == null || understood == null) {
      return;
    }
    List<Long> old = relay.counters.sessions().stream().map(session -> session.number).toList();
    current.target.change(understood);
    if (after.onChange() instanceof OnChange.Cut) {
      cutOff(current, old);
    } else if (after.onChange() instanceof OnChange.Drain drain) {
      context.scheduleOnce(drain.deadline(), self, new CutOff(after.name(), current.number, old));
    }
  }

  private static void cutOff(Generation generation, List<Long> sessions) {
    sessions.forEach(number -> generation.actor.tell(new RelayCommand.EndSession(number)));
  }

  void cutOff(CutOff message) {
    ManagedRelay relay = relays.get(message.name());
    Generation generation = relay == null ? null : relay.generation(message.generation());
    if (generation != null) {
      cutOff(generation, message.sessions());
    }
  }

  /** The new listener first; the old one goes when that is bound. */
  void changeSource(ManagedRelay relay, RelayDefinition after) {
    Generation current = relay.current;
    if (current == null || !relay.isWanted()) {
      relay.cancelRetry();
      return;
    }
    if (relay.replaced == null && current.isBound()) {
      relay.replaced = current;
    } else {
      retire(relay, current, new OnChange.Cut());
    }
    relay.current = null;
    relay.counters.forgetUpstream();
    relay.state(RelayState.WAITING);
    start(relay);
  }
}
