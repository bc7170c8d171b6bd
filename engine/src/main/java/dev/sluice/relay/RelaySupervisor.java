package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.LongFunction;

/**
 * Runs one relay: opens the left address, then has one {@link RelaySession} relay it, or, with
 * option {@code fork}, one for each connection.
 *
 * <p>For connections it is the parent: it lets them in while {@link ChildSlots} has room, names the
 * sessions, and goes on when one of them fails. A supervisor of the second kind, {@link #sharing},
 * does the same for the right address, with one left address that all sessions share.
 */
public final class RelaySupervisor extends ExtensibleBehavior<RelayCommand> {
  private final ActorContext<RelayCommand> context;
  private final SessionPoller home;
  private final SupervisorSetup setup;
  private final RelayLog log;
  private final SupervisorEvents events;
  private final boolean forks;
  private final ChildSlots slots;
  private final PeerGate gate;
  private final RelayChildren children;
  private final Reopening reopening;
  private final Opening opening = new Opening();
  private Outcome outcome = Outcome.OK;
  private boolean stopping;

  RelaySupervisor(ActorContext<RelayCommand> context, SessionPoller home, SupervisorSetup setup) {
    this.context = context;
    this.home = home;
    this.setup = setup;
    this.log = setup.log();
    this.events = new SupervisorEvents(setup.events(), log);
    this.forks = setup.options().isOn(RelayOptions.FORK);
    this.reopening = new Reopening(context, setup.options(), setup.settings());
    RelayRuntime runtime = setup.runtime();
    this.slots =
        new ChildSlots(
            Math.max(0, setup.options().get(RelayOptions.MAX_CHILDREN, 0)),
            runtime.descriptorLimit());
    this.gate = new PeerGate(context, slots, runtime.blockingIo(), log);
    SessionPlacement placement =
        new SessionPlacement(home, forks ? runtime::nextPoller : () -> home);
    this.children = new RelayChildren(context, setup, placement, slots, events);
  }

  /**
   * A relay between two addresses.
   *
   * @param events told what happens, on the supervisor's thread; {@link RelayEvent.Ended} is the
   *     last
   */
  public static Behavior<RelayCommand> relay(
      AddressPair left,
      AddressPair right,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    SessionTarget target = new SessionTarget(right, settings);
    return relay(left, session -> target, settings, runtime, log, events);
  }

  /**
   * A relay whose sessions may go elsewhere one day.
   *
   * @param targets says where a session goes, by its number, before it begins; on the supervisor's
   *     thread, so it must not block
   * @param settings how the left address is opened, and in which directions bytes go
   * @param events as above
   */
  public static Behavior<RelayCommand> relay(
      AddressPair left,
      LongFunction<SessionTarget> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    SupervisorSetup setup = SupervisorSetup.opening(left, targets, settings, runtime, log, events);
    return HomePoller.of(runtime, (context, home) -> opening(context, home, setup));
  }

  /**
   * Starts a relay as a child of an actor, on the poller that serves its listener. The parent that
   * spawns {@link #relay} has one more actor for each relay, which passes commands on.
   */
  public static ActorRef<RelayCommand> spawn(
      ActorContext<?> parent,
      AddressPair left,
      LongFunction<SessionTarget> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    SupervisorSetup setup = SupervisorSetup.opening(left, targets, settings, runtime, log, events);
    SessionPoller home = runtime.nextPoller();
    return parent.spawnAnonymous(
        Behaviors.setup(context -> opening(context, home, setup)), home.dispatcher());
  }

  private static RelaySupervisor opening(
      ActorContext<RelayCommand> context, SessionPoller home, SupervisorSetup setup) {
    RelaySupervisor supervisor = new RelaySupervisor(context, home, setup);
    supervisor.open();
    return supervisor;
  }

  /**
   * A supervisor of connections of an address that is open already.
   *
   * @param home the poller that runs the supervisor
   */
  static Behavior<RelayCommand> sharing(SessionPoller home, Opened opened, SupervisorSetup setup) {
    return Behaviors.setup(
        context -> {
          context.getSelf().tell(new SupervisorCommand.AddressOpened(opened));
          return new RelaySupervisor(context, home, setup);
        });
  }

  /** Says that there are no counters, because nothing has been transferred here. */
  public static void reportNoStatistics(RelayLog log) {
    SessionStatistics.log(log, null);
  }

  @Override
  public Behavior<RelayCommand> receive(
      TypedActorContext<RelayCommand> context, RelayCommand message) {
    try {
      return message.applyTo(this);
    } catch (RuntimeException e) {
      outcome = Outcome.FAILED.because(e);
      throw e;
    }
  }

  @Override
  public Behavior<RelayCommand> receiveSignal(
      TypedActorContext<RelayCommand> context, Signal signal) {
    return signal instanceof PostStop ? onPostStop() : Behaviors.unhandled();
  }

  // --- opening

  private void open() {
    ActorRef<RelayCommand> self = context.getSelf();
    opening.begin(
        new AddressOpener(
                setup.settings(),
                log,
                home.poller(),
                setup.runtime(),
                Pauses.of(context, opening.abandoned()),
                ProcessScope.NONE,
                null,
                Turn.NONE,
                event -> self.tell(new SupervisorCommand.Happened(event)))
            .open(setup.address(), setup.direction(), Map::of, true));
    opening.await(
        opened -> self.tell(new SupervisorCommand.AddressOpened(opened)),
        failure -> self.tell(new SupervisorCommand.OpenFailed(failure)));
  }

  Behavior<RelayCommand> onOpened(SupervisorCommand.AddressOpened message) {
    opening.over();
    if (message.opened() instanceof Listener opened) {
      if (stopping) {
        gate.close(opened);
        return endWhenIdle();
      }
      events.tell(new RelayEvent.Listening(opened.localAddress(), opened.boundAddress()));
      gate.open(opened);
      return this;
    }
    if (!(message.opened() instanceof Channel channel)) {
      return onOpenFailed(new SupervisorCommand.OpenFailed(AddressOpener.noforkNotAllowed()));
    }
    if (stopping) {
      channel.close();
      return endWhenIdle();
    }
    if (!forks) {
      children.start(channel);
      return this;
    }
    slots.tryEnter();
    fork(channel, "");
    reopening.connectLater();
    return this;
  }

  Behavior<RelayCommand> onOpenFailed(SupervisorCommand.OpenFailed message) {
    opening.over();
    if (message.cause() instanceof CancellationException) {
      return endWhenIdle();
    }
    outcome = OpenReport.log(log, message.cause(), setup.settings().sloppy());
    if (!(message.cause() instanceof AcceptTimeout)) {
      outcome.announce(log);
    }
    return endOrRestart(outcome);
  }

  /** The relay is over, unless its restart policy has it begin again. */
  private Behavior<RelayCommand> endOrRestart(Outcome end) {
    outcome = end;
    if (stopping || !reopening.grants(end)) {
      stopping = true;
      return endWhenIdle();
    }
    log.notice("relay ended with status %d, restarting", end.status());
    events.tell(new RelayEvent.Restarting(end));
    reopening.restart();
    return this;
  }

  // --- connections

  Behavior<RelayCommand> onConnected(SupervisorCommand.Connected message) {
    if (stopping) {
      message.channel().close();
      return this;
    }
    message.announcement().run();
    String client = children.client(message.channel());
    if (!children.admits(client)) {
      message.channel().close();
      if (slots.turnedAway()) {
        gate.resume();
      }
      return this;
    }
    fork(message.channel(), client);
    gate.entered(children.count());
    return this;
  }

  private void fork(Channel channel, String client) {
    Duration pause = setup.settings().open().forkPause();
    children.fork(channel, client, pause);
    if (!pause.isZero()) {
      gate.pause(pause);
    }
  }

  Behavior<RelayCommand> onSessionEnded(SupervisorCommand.SessionEnded message) {
    children.ended(message.session());
    RelaySession.Result result = message.result();
    events.tell(
        new RelayEvent.SessionEnded(
            message.session(), result.outcome(), result.leftToRight(), result.rightToLeft()));
    if (!forks) {
      return endOrRestart(result.outcome());
    }
    boolean heldBack = slots.ended();
    if (stopping) {
      return endWhenIdle();
    }
    log.notice("childdied(): handling signal 17");
    gate.left(heldBack);
    if (reopening.stopWaiting()) {
      return onNotice(SupervisorCommand.Notice.CONNECT_AGAIN);
    }
    return this;
  }

  Behavior<RelayCommand> onListenerFailed(SupervisorCommand.ListenerFailed message) {
    if (message.cause() instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
      gate.waitForDescriptor(error);
      return this;
    }
    outcome = OpenReport.log(log, message.cause(), setup.settings().sloppy());
    outcome.announce(log);
    return onStop();
  }

  Behavior<RelayCommand> onNotice(SupervisorCommand.Notice notice) {
    switch (notice) {
      case RESUME_ACCEPT -> gate.pauseIsOver();
      case ROOM_MADE -> gate.resume();
      case LISTENER_CLOSED -> {
        gate.closed();
        return endWhenIdle();
      }
      case OPENING_LEFT -> {
        opening.discard();
        return endWhenIdle();
      }
      case RESTART -> {
        if (!stopping) {
          open();
        }
      }
      case ACCEPT_TIMED_OUT -> {
        outcome = OpenReport.log(log, new AcceptTimeout(), setup.settings().sloppy());
        stopping = true;
        return endWhenIdle();
      }
      case CONNECT_AGAIN -> {
        reopening.stopWaiting();
        if (stopping) {
          return this;
        }
        if (slots.isFull()) {
          log.info("all %d allowed children are active, waiting", slots.taken());
          reopening.connectLater();
        } else {
          open();
        }
      }
    }
    return this;
  }

  // --- the end

  Behavior<RelayCommand> onReportStatistics(RelayCommand.ReportStatistics message) {
    children.report(message.replyTo());
    return this;
  }

  Behavior<RelayCommand> onEndSession(RelayCommand.EndSession message) {
    children.stop(message.session());
    return this;
  }

  Behavior<RelayCommand> onLimitSessions(RelayCommand.LimitSessions message) {
    gate.limitSessions(message.most());
    return this;
  }

  Behavior<RelayCommand> onLimitPeers(RelayCommand.LimitPeers message) {
    children.limitClients(message.perClient());
    gate.limitRate(message.perSecond());
    return this;
  }

  Behavior<RelayCommand> onHeldBack(SupervisorCommand.HeldBack message) {
    context.scheduleOnce(message.time(), context.getSelf(), SupervisorCommand.Notice.ROOM_MADE);
    return this;
  }

  Behavior<RelayCommand> onHappened(SupervisorCommand.Happened message) {
    events.tell(message.event());
    return this;
  }

  Behavior<RelayCommand> onDrain() {
    stopping = true;
    return endWhenIdle();
  }

  Behavior<RelayCommand> onStop() {
    stopping = true;
    children.stopAll();
    return endWhenIdle();
  }

  private Behavior<RelayCommand> endWhenIdle() {
    gate.close();
    if (opening.isGoingOn()) {
      if (opening.abandon()) {
        context.scheduleOnce(
            Opening.PATIENCE, context.getSelf(), SupervisorCommand.Notice.OPENING_LEFT);
      }
      return this;
    }
    return gate.isClosing() || children.count() > 0 ? this : Behaviors.stopped();
  }

  private Behavior<RelayCommand> onPostStop() {
    opening.discard();
    gate.abort();
    // nobody has decided to end: an exception ends the relay, or the end of the actor system
    events.tell(new RelayEvent.Ended(stopping || outcome.error() ? outcome : Outcome.FAILED));
    return this;
  }
}
