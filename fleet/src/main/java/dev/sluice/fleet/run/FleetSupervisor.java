package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetProtocol.Add;
import dev.sluice.fleet.run.FleetProtocol.Applied;
import dev.sluice.fleet.run.FleetProtocol.Apply;
import dev.sluice.fleet.run.FleetProtocol.BeginAgain;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.CutOff;
import dev.sluice.fleet.run.FleetProtocol.Do;
import dev.sluice.fleet.run.FleetProtocol.Done;
import dev.sluice.fleet.run.FleetProtocol.EditFaults;
import dev.sluice.fleet.run.FleetProtocol.EditMembers;
import dev.sluice.fleet.run.FleetProtocol.End;
import dev.sluice.fleet.run.FleetProtocol.GetFleet;
import dev.sluice.fleet.run.FleetProtocol.GetSessions;
import dev.sluice.fleet.run.FleetProtocol.GetSnapshot;
import dev.sluice.fleet.run.FleetProtocol.GetStatus;
import dev.sluice.fleet.run.FleetProtocol.Happened;
import dev.sluice.fleet.run.FleetProtocol.Look;
import dev.sluice.fleet.run.FleetProtocol.Place;
import dev.sluice.fleet.run.FleetProtocol.Remove;
import dev.sluice.fleet.run.FleetProtocol.Restore;
import dev.sluice.fleet.run.FleetProtocol.Running;
import dev.sluice.fleet.run.FleetProtocol.SessionStatus;
import dev.sluice.fleet.run.FleetProtocol.Sessions;
import dev.sluice.fleet.run.FleetProtocol.Shutdown;
import dev.sluice.fleet.run.FleetProtocol.SlotFree;
import dev.sluice.fleet.run.FleetProtocol.StopGeneration;
import dev.sluice.fleet.run.ManagedRelay.Generation;
import dev.sluice.log.RelayLog;
import dev.sluice.relay.RelayRuntime;
import dev.sluice.relay.RelaySupervisor;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the relays of a fleet, each under a {@link RelaySupervisor} of its own: starts them a few at
 * a time, begins those again that ended, and takes them from one {@link Fleet} to the next.
 *
 * <p>One relay that fails touches no other. Counters hang on the name and outlive every change.
 */
public final class FleetSupervisor extends AbstractBehavior<Command> {
  /** Between two looks whether sessions have had their time. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Map<String, ManagedRelay> relays = new LinkedHashMap<>();
  private final Lifecycles lives;
  private final ByHand hand;
  private final PoolKeeper keeper;
  private final StatusReports reports;
  private final FleetMemory memory = new FleetMemory();
  private final Placing placing;

  /** Read by the threads of sessions as well, for what they must not show. */
  private volatile Fleet fleet = Fleet.EMPTY;

  private String file = "";
  private Instant applied = Instant.now();
  private long version;
  private boolean ending;
  private boolean looksAtTimes;

  private FleetSupervisor(
      ActorContext<Command> context,
      RelayReader reader,
      Pools pools,
      RelayRuntime runtime,
      Consumer<FleetEvent> events,
      Gate gate) {
    super(context);
    this.placing = new Placing(relays);
    this.keeper = new PoolKeeper(context.getSystem(), pools, reader);
    this.reports = new StatusReports(pools);
    this.lives =
        new Lifecycles(
            context,
            relays,
            new Generations(context, reader, runtime, () -> fleet.secrets(), events, gate),
            old -> withRelays(all -> all.put(old.name(), old)),
            events);
    this.hand = new ByHand(relays, lives, keeper.pools());
  }

  /**
   * A fleet with no relay yet; it stops when it was shut down.
   *
   * @param pools those that the addresses of {@code reader} find
   * @param events told what happens, on any thread, so it must not block
   */
  static Behavior<Command> create(
      RelayReader reader,
      Pools pools,
      RelayRuntime runtime,
      Consumer<FleetEvent> events,
      Gate gate) {
    return Behaviors.setup(
        context -> new FleetSupervisor(context, reader, pools, runtime, events, gate));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Happened.class, this::onHappened)
        .onMessage(SlotFree.class, message -> after(() -> lives.freeSlot(message)))
        .onMessage(BeginAgain.class, message -> after(() -> lives.beginAgain(message)))
        .onMessage(CutOff.class, message -> after(() -> lives.cutOff(message)))
        .onMessage(StopGeneration.class, message -> after(() -> lives.stopGeneration(message)))
        .onMessage(Look.class, this::onLook)
        .onMessage(Apply.class, this::onApply)
        .onMessage(GetFleet.class, this::onGetFleet)
        .onMessage(GetStatus.class, this::onGetStatus)
        .onMessage(GetSessions.class, this::onGetSessions)
        .onMessage(Do.class, message -> done(message.replyTo(), hand.edit(message)))
        .onMessage(Add.class, this::onAdd)
        .onMessage(Remove.class, this::onRemove)
        .onMessage(End.class, message -> done(message.replyTo(), hand.edit(message)))
        .onMessage(EditMembers.class, message -> done(message.replyTo(), hand.edit(message)))
        .onMessage(EditFaults.class, message -> done(message.replyTo(), hand.edit(message)))
        .onMessage(GetSnapshot.class, this::onGetSnapshot)
        .onMessage(Restore.class, message -> after(() -> memory.remember(message.snapshot())))
        .onMessage(Place.class, this::onPlace)
        .onMessage(Shutdown.class, this::onShutdown)
        .onSignal(
            PostStop.class,
            stop -> {
              keeper.end();
              return this;
            })
        .build();
  }

  private Behavior<Command> done(ActorRef<Done> replyTo, List<String> names) {
    replyTo.tell(new Done(names));
    return this;
  }

  private Behavior<Command> after(Runnable action) {
    action.run();
    return this;
  }

  private Behavior<Command> onHappened(Happened message) {
    lives.happened(message);
    placing.report();
    return ending && isAllGone() ? Behaviors.stopped() : this;
  }

  private Behavior<Command> onShutdown(Shutdown how) {
    ending = true;
    lives.end();
    for (ManagedRelay relay : relays.values()) {
      lives.stop(
          relay,
          how == Shutdown.NOW ? new OnChange.Cut() : new OnChange.Drain(relay.definition.drain()));
      if (how == Shutdown.NOW) {
        relay.stopRetired();
      }
    }
    return isAllGone() ? Behaviors.stopped() : this;
  }

  private boolean isAllGone() {
    return relays.values().stream().allMatch(ManagedRelay::isGone);
  }

  // --- from one fleet to the next

  private Behavior<Command> onApply(Apply message) {
    if (ending || message.against().filter(expected -> expected != version).isPresent()) {
      message.replyTo().tell(new Applied(version, Optional.empty()));
      return this;
    }
    FleetPlan plan = FleetPlan.between(fleet, message.wanted());
    fleet = FleetPlan.result(fleet, message.wanted());
    keeper.apply(
        fleet.pools(),
        plan.pools().stream().map(FleetPlan.PoolChange::name).collect(Collectors.toSet()),
        fleet.secrets());
    file = message.file();
    applied = Instant.now();
    version++;
    memory.restore(keeper.pools());
    plan.changes().forEach(this::change);
    lookAtTimes();
    message.replyTo().tell(new Applied(version, Optional.of(plan)));
    return this;
  }

  private void change(FleetPlan.Change change) {
    RelayDefinition after = change.after();
    ManagedRelay relay = relays.get(change.name());
    if (after == null) {
      if (relay != null) {
        remove(relay);
      }
    } else if (relay == null || relay.removed) {
      add(after, relay);
    } else {
      relay.definition = after;
      relay.settleFaults();
      relay.settleBandwidth();
      place(relay);
      switch (change.kind()) {
        case TARGET -> lives.changeTarget(relay, after);
        case SOURCE -> lives.changeSource(relay, after);
        default -> {}
      }
      settle(relay);
    }
  }

  private void add(RelayDefinition definition, @Nullable ManagedRelay leaving) {
    ManagedRelay relay = leaving == null ? new ManagedRelay(definition) : leaving;
    relay.definition = definition;
    relay.removed = false;
    relay.stoppedByHand = false;
    relay.placed = placing.isHere(definition);
    relay.faultsByHand = Optional.empty();
    memory.restore(relay);
    relay.settleFaults();
    relay.settleBandwidth();
    relays.put(definition.name(), relay);
    if (relay.isWanted()) {
      lives.wantStart(relay);
    } else {
      relay.state(RelayState.STOPPED);
    }
  }

  private void remove(ManagedRelay relay) {
    relay.removed = true;
    lives.stop(relay, relay.definition.onChange());
    if (relay.isGone()) {
      relays.remove(relay.definition.name());
    }
  }

  /** What can be changed in place, and whether the relay is to run at all. */
  private void settle(ManagedRelay relay) {
    Generation current = relay.current;
    if (!relay.isWanted()) {
      if (current != null || relay.retry != null) {
        lives.stop(relay, relay.definition.onChange());
      }
      return;
    }
    if (current != null) {
      Generations.limit(current, relay.definition);
    } else if (relay.state() != RelayState.WAITING && relay.replaced == null) {
      lives.wantStart(relay);
    }
  }

  private Behavior<Command> onPlace(Place message) {
    placing.change(message);
    relays.values().forEach(this::place);
    placing.report();
    return this;
  }

  /** Starts the relay if it has come here, ends it at once if it is to be elsewhere. */
  private void place(ManagedRelay relay) {
    boolean before = relay.placed;
    relay.placed = placing.isHere(relay.definition);
    if (before == relay.placed || relay.removed || ending) {
      return;
    }
    if (!relay.placed) {
      lives.stop(relay, new OnChange.Cut());
      relay.stopRetired();
    } else if (relay.isWanted() && relay.current == null && relay.state() != RelayState.WAITING) {
      relay.failures = 0;
      lives.wantStart(relay);
    }
  }

  // --- by hand

  private Behavior<Command> onAdd(Add message) {
    RelayDefinition definition = message.definition().at(Origin.RUNTIME);
    if (ending || fleet.relays().containsKey(definition.name())) {
      message.replyTo().tell(new Done(List.of()));
      return this;
    }
    withRelays(relays -> relays.put(definition.name(), definition));
    add(definition, relays.get(definition.name()));
    lookAtTimes();
    message.replyTo().tell(new Done(List.of(definition.name())));
    return this;
  }

  private Behavior<Command> onRemove(Remove message) {
    RelayDefinition definition = fleet.relays().get(message.name());
    ManagedRelay relay = relays.get(message.name());
    if (definition == null || relay == null || !definition.origin().equals(Origin.RUNTIME)) {
      message.replyTo().tell(new Done(List.of()));
      return this;
    }
    withRelays(relays -> relays.remove(message.name()));
    remove(relay);
    message.replyTo().tell(new Done(List.of(message.name())));
    return this;
  }

  private void withRelays(Consumer<Map<String, RelayDefinition>> edit) {
    Map<String, RelayDefinition> next = new LinkedHashMap<>(fleet.relays());
    edit.accept(next);
    fleet = fleet.with(next);
    version++;
  }

  /** Ends sessions that have had their total time; looks again only while there is such a limit. */
  private Behavior<Command> onLook(Look message) {
    looksAtTimes = false;
    for (ManagedRelay relay : relays.values()) {
      Optional<Duration> total = relay.definition.limits().total();
      if (total.isEmpty()) {
        continue;
      }
      lookAtTimes();
      for (RelayCounters.Session session : relay.counters.sessions()) {
        if (session.isOlderThan(total.get())) {
          RelayLog.ofProcess()
              .warning(
                  relay.definition.name()
                      + ": session "
                      + session.number
                      + " has had its total time, and ends");
          relay.endSession(session.number);
        }
      }
    }
    return this;
  }

  private void lookAtTimes() {
    if (!looksAtTimes) {
      looksAtTimes = true;
      getContext().scheduleOnce(LOOK, getContext().getSelf(), Look.AT_TIMES);
    }
  }

  // --- questions

  private Behavior<Command> onGetSnapshot(GetSnapshot message) {
    message.replyTo().tell(FleetMemory.snapshot(fleet, relays.values(), keeper.pools()));
    return this;
  }

  private Behavior<Command> onGetFleet(GetFleet message) {
    message.replyTo().tell(new Running(version, fleet));
    return this;
  }

  private Behavior<Command> onGetStatus(GetStatus message) {
    message
        .replyTo()
        .tell(
            new FleetStatus(
                version,
                file,
                applied,
                reports.relays(relays.values()),
                List.copyOf(reports.pools().values())));
    return this;
  }

  private Behavior<Command> onGetSessions(GetSessions message) {
    Map<String, List<SessionStatus>> all = new LinkedHashMap<>();
    for (String name : message.names()) {
      ManagedRelay relay = relays.get(name);
      if (relay != null) {
        all.put(name, reports.sessions(relay));
      }
    }
    message.replyTo().tell(new Sessions(all));
    return this;
  }
}
