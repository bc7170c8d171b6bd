package dev.sluice.fleet.run;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Faults;
import dev.sluice.fleet.model.Limits;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.pace.Bandwidth;
import dev.sluice.relay.RelayCommand;
import dev.sluice.relay.RelaySupervisor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A relay of the fleet through all its generations: each is a {@link RelaySupervisor}, and the
 * newest takes new sessions. Belongs to the {@link FleetSupervisor}, and is used on its thread
 * only.
 */
final class ManagedRelay {
  /** One supervisor of the relay, from its start to its end. */
  static final class Generation {
    final int number;
    final ActorRef<RelayCommand> actor;
    final RelayDefinition definition;

    /** Where new sessions go; read by the supervisor's thread. */
    final TargetChoice target;

    private boolean bound;
    private long boundAt;

    /** Takes no more sessions. */
    boolean retired;

    Generation(
        int number, ActorRef<RelayCommand> actor, RelayDefinition definition, TargetChoice target) {
      this.number = number;
      this.actor = actor;
      this.definition = definition;
      this.target = target;
    }

    void bind() {
      if (!bound) {
        bound = true;
        boundAt = System.nanoTime();
      }
    }

    /** Whether it listens, or has its session. */
    boolean isBound() {
      return bound;
    }

    /** Whether it was bound for longer than that. */
    boolean hasRunFor(Duration time) {
      return bound && System.nanoTime() - boundAt > time.toNanos();
    }
  }

  RelayDefinition definition;
  final RelayCounters counters = new RelayCounters();
  private RelayState state = RelayState.STOPPED;
  private Instant since = Instant.now();
  boolean stoppedByHand;

  /** What sessions of all generations suffer on purpose, now. */
  final Faults faults = new Faults();

  /** How fast the data of sessions of all generations may move, now. */
  final Bandwidth bandwidth = new Bandwidth();

  /** Faults that were set by hand, in place of those of the definition. */
  Optional<List<Fault>> faultsByHand = Optional.empty();

  boolean removed;

  /** Whether the cluster, if there is one, has it run here. */
  boolean placed = true;

  @Nullable Generation current;

  /** What was running before a change of the source, until the new one is bound. */
  @Nullable Generation replaced;

  /** Those that take no more sessions, but still have some. */
  final List<Generation> retired = new ArrayList<>();

  int failures;
  int quickAttempts;
  int generations;
  @Nullable Cancellable retry;
  @Nullable String listening;
  @Nullable Duration nextAttempt;

  ManagedRelay(RelayDefinition definition) {
    this.definition = definition;
  }

  RelayState state() {
    return state;
  }

  Instant since() {
    return since;
  }

  void state(RelayState wanted) {
    RelayState next =
        wanted == RelayState.STOPPED && !placed && !stoppedByHand && definition.enabled()
            ? RelayState.ELSEWHERE
            : wanted;
    if (next != state) {
      state = next;
      since = Instant.now();
    }
  }

  /** Has the faults hold that are wanted now. */
  void settleFaults() {
    faults.change(faultsByHand.orElse(definition.faults()));
  }

  /** Has the bandwidth of the definition hold. */
  void settleBandwidth() {
    Limits limits = definition.limits();
    bandwidth.change(limits.sessionBytes(), limits.relayBytes());
  }

  void cancelRetry() {
    if (retry != null) {
      retry.cancel();
      retry = null;
    }
    nextAttempt = null;
  }

  /** Whether it wants to run. */
  boolean isWanted() {
    return placed && !removed && !stoppedByHand && definition.enabled();
  }

  /** Whether nothing of it is alive. */
  boolean isGone() {
    return current == null && replaced == null && retired.isEmpty();
  }

  /** The generation of that number; null when it has ended. */
  @Nullable Generation generation(int number) {
    if (current != null && current.number == number) {
      return current;
    }
    if (replaced != null && replaced.number == number) {
      return replaced;
    }
    for (Generation one : retired) {
      if (one.number == number) {
        return one;
      }
    }
    return null;
  }

  /** Ends a session, whichever generation it is of. */
  void endSession(long number) {
    RelayCommand.EndSession end = new RelayCommand.EndSession(number);
    if (current != null) {
      current.actor.tell(end);
    }
    retired.forEach(one -> one.actor.tell(end));
  }

  /** Ends the generations that are still there for their sessions. */
  void stopRetired() {
    retired.forEach(one -> one.actor.tell(RelayCommand.Stop.NOW));
  }
}
