package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Limits;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.Happened;
import dev.sluice.fleet.run.ManagedRelay.Generation;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.option.RelayOptions;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.RelayCommand;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayRuntime;
import dev.sluice.relay.RelaySupervisor;
import dev.sluice.relay.RelayWatcher;
import dev.sluice.spec.Problem;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins the runs of a fleet's relays: for each a supervisor of the engine, with the limits, the
 * log and the counters of the relay. Used on the {@link FleetSupervisor}'s thread only.
 */
final class Generations {
  /** What is taken for the last event of a relay that ends without one. */
  private static final RelayEvent DIED = new RelayEvent.Ended(Outcome.FAILED);

  private final ActorContext<Command> context;
  private final RelayReader reader;
  private final RelayRuntime runtime;
  private final Supplier<Secrets> secrets;
  private final Consumer<FleetEvent> events;
  private final Gate gate;

  /**
   * Makes them.
   *
   * @param secrets what addresses may use now
   * @param gate asked before sessions of relays that one node of a cluster may run
   */
  Generations(
      ActorContext<Command> context,
      RelayReader reader,
      RelayRuntime runtime,
      Supplier<Secrets> secrets,
      Consumer<FleetEvent> events,
      Gate gate) {
    this.context = context;
    this.reader = reader;
    this.runtime = runtime;
    this.secrets = secrets;
    this.events = events;
    this.gate = gate;
  }

  /** Begins the next run of a relay; null if its definition can't be read. */
  @Nullable Generation start(ManagedRelay relay) {
    RelayDefinition definition = relay.definition;
    RelayReader.Understood understood =
        reader.read(definition, secrets.get(), text -> relay.counters.heard(0, text, true));
    if (understood == null) {
      return null;
    }
    int number = ++relay.generations;
    TargetChoice target =
        new TargetChoice(
            understood,
            definition.limits(),
            relay.counters,
            relay.faults,
            relay.bandwidth,
            () -> gate.admits(definition));
    ActorRef<RelayCommand> actor = spawn(relay, number, understood, target);
    if (definition.maxSessions() > 0) {
      actor.tell(new RelayCommand.LimitSessions(definition.maxSessions()));
    }
    if (!definition.limits().equals(Limits.NONE)) {
      limitPeers(actor, definition.limits());
    }
    return new Generation(number, actor, definition, target);
  }

  /** What a definition means with the secrets of now; null if it can't be read. */
  RelayReader.@Nullable Understood understood(RelayDefinition definition) {
    return reader.read(definition, secrets.get(), text -> {});
  }

  private ActorRef<RelayCommand> spawn(
      ManagedRelay relay, int number, RelayReader.Understood understood, TargetChoice target) {
    String name = relay.definition.name();
    ActorRef<Command> self = context.getSelf();
    RelayLog log = RelayLog.ofProcess().in(voice(name, relay.counters));
    RelayWatcher watcher =
        event -> {
          relay.counters.happened(event);
          if (!(event instanceof RelayEvent.SessionEnded)
              && !(event instanceof RelayEvent.SessionStarted && isForking(understood))) {
            self.tell(new Happened(name, number, event));
          }
        };
    ActorRef<RelayCommand> actor =
        RelaySupervisor.spawn(
            context, understood.left(), target, understood.settings(), runtime, log, watcher);
    context.watchWith(actor, new Happened(name, number, DIED));
    return actor;
  }

  private static void limitPeers(ActorRef<RelayCommand> actor, Limits limits) {
    actor.tell(new RelayCommand.LimitPeers(limits.perSecond(), limits.perClient()));
  }

  /** Takes other limits for a relay that runs. */
  static void limit(Generation current, RelayDefinition definition) {
    current.actor.tell(new RelayCommand.LimitSessions(definition.maxSessions()));
    limitPeers(current.actor, definition.limits());
    current.target.limit(definition.limits());
  }

  private static boolean isForking(RelayReader.Understood understood) {
    return understood.left().first().options().isOn(RelayOptions.FORK);
  }

  /** Lines name their relay, hide secrets, and are remembered as the reason of a failure. */
  private RelayLog.Voice voice(String name, RelayCounters counters) {
    Secrets first = secrets.get();
    return new RelayLog.Voice() {
      @Override
      public String relay() {
        return name;
      }

      @Override
      public String line(String text) {
        return name + ": " + hidden(text);
      }

      @Override
      public String hint(String hint) {
        return hidden(hint);
      }

      @Override
      public void heard(Severity severity, long session, String text, String hint) {
        String shown = hidden(new Problem(text, hint).toString());
        counters.heard(session, shown, severity.compareTo(Severity.ERROR) <= 0);
        events.accept(new FleetEvent.Said(name, session, shown));
      }

      /** Sessions use the values that held when they began, or those that hold now. */
      private String hidden(String text) {
        return first.hide(secrets.get().hide(text));
      }
    };
  }
}
