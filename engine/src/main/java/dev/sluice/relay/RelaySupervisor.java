package dev.sluice.relay;

import akka.Done;
import akka.actor.Cancellable;
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
import dev.sluice.endpoint.ConnectionEnds;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs one relay: opens the left address, then has one {@link RelaySession} relay it, or, with
 * option {@code fork}, one for each connection.
 *
 * <p>For connections it is the parent: it lets them in while {@link ChildSlots} has room, names the
 * sessions, and goes on when one of them fails. A supervisor of the second kind, {@link #sharing},
 * does the same for the right address, with one left address that all sessions share.
 */
public final class RelaySupervisor extends ExtensibleBehavior<RelayCommand> {
  /**
   * Where a session goes.
   *
   * @param right the right address
   * @param settings how the session behaves; the directions are those that the relay began with
   */
  public record Target(AddressPair right, RelaySettings settings) {}

  private final ActorContext<RelayCommand> context;
  private final SessionPoller home;
  private final RelaySettings settings;
  private final RelayRuntime runtime;
  private final RelayLog log;
  private final AddressPair address;
  private final Direction direction;
  private final RelayWatcher events;
  private final boolean forks;
  private final ChildSlots slots;
  private final PeerGate gate;
  private final RelayChildren children;
  private final RestartBudget restarts;
  private @Nullable Cancellable reconnect;
  private Outcome outcome = Outcome.OK;
  private boolean stopping;
  private final Opening opening = new Opening();

  private RelaySupervisor(
      ActorContext<RelayCommand> context,
      SessionPoller home,
      AddressPair address,
      Direction direction,
      SessionPairing pairing,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    this.context = context;
    this.home = home;
    this.address = address;
    this.direction = direction;
    this.settings = settings;
    this.runtime = runtime;
    this.log = log;
    this.events = events;
    Options options = address.first().options();
    this.forks = options.isOn(RelayOptions.FORK);
    this.restarts =
        new RestartBudget(options.get(RelayOptions.RESTART, settings.restart()), System::nanoTime);
    this.slots =
        new ChildSlots(
            Math.max(0, options.get(RelayOptions.MAX_CHILDREN, 0)), runtime.descriptorLimit());
    this.gate = new PeerGate(context, slots, runtime.blockingIo(), log);
    this.children =
        new RelayChildren(
            context,
            pairing,
            runtime,
            new SessionPlacement(home, forks ? runtime::nextPoller : () -> home),
            slots,
            events.followsSessions());
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
    Target target = new Target(right, settings);
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
      LongFunction<Target> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    return HomePoller.of(
        runtime,
        (context, home) -> opening(context, home, left, targets, settings, runtime, log, events));
  }

  /**
   * Starts a relay as a child of an actor, on the poller that serves its listener. The parent that
   * spawns {@link #relay} has one more actor for each relay, which passes commands on.
   */
  public static ActorRef<RelayCommand> spawn(
      ActorContext<?> parent,
      AddressPair left,
      LongFunction<Target> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    SessionPoller home = runtime.nextPoller();
    return parent.spawnAnonymous(
        Behaviors.setup(
            context -> opening(context, home, left, targets, settings, runtime, log, events)),
        home.dispatcher());
  }

  private static RelaySupervisor opening(
      ActorContext<RelayCommand> context,
      SessionPoller home,
      AddressPair left,
      LongFunction<Target> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    Direction direction = settings.leftDirection();
    SessionPairing pairing = SessionPairing.opening(targets, ProcessScope.after(left, direction));
    RelaySupervisor supervisor =
        new RelaySupervisor(
            context, home, left, direction, pairing, settings, runtime, log, events);
    supervisor.open();
    return supervisor;
  }

  /**
   * Sessions that all share an open left address, one for each connection of a right address with
   * option fork.
   *
   * @param home the poller that runs the supervisor
   */
  static Behavior<RelayCommand> sharing(
      SessionPoller home,
      Endpoint left,
      Opened opened,
      AddressPair right,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    return Behaviors.setup(
        context -> {
          RelaySupervisor supervisor =
              new RelaySupervisor(
                  context,
                  home,
                  right,
                  Direction.BOTH,
                  SessionPairing.sharing(left, settings),
                  settings,
                  runtime,
                  log,
                  events);
          context.getSelf().tell(new SupervisorCommand.AddressOpened(opened));
          return supervisor;
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

  /** A watcher that throws hurts only itself. */
  private void tell(RelayEvent event) {
    try {
      events.happened(event);
    } catch (RuntimeException e) {
      log.warning("who is told of " + event + " has failed: " + e);
    }
  }

  // --- opening

  private void open() {
    ActorRef<RelayCommand> self = context.getSelf();
    opening.begin(
        new AddressOpener(
                settings,
                log,
                home.poller(),
                runtime,
                Pauses.of(context, opening.abandoned()),
                ProcessScope.NONE,
                null,
                Turn.NONE,
                event -> self.tell(new SupervisorCommand.Happened(event)))
            .open(address, direction, Map::of, true),
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
      tell(new RelayEvent.Listening(opened.localAddress(), opened.boundAddress()));
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
      startSession(channel, log, log.session(), Duration.ZERO);
      return this;
    }
    slots.tryEnter();
    fork(channel, "");
    waitThenConnect();
    return this;
  }

  Behavior<RelayCommand> onOpenFailed(SupervisorCommand.OpenFailed message) {
    opening.over();
    if (message.cause() instanceof CancellationException) {
      return endWhenIdle();
    }
    outcome = OpenReport.log(log, message.cause(), settings.sloppy());
    if (!(message.cause() instanceof AcceptTimeout)) {
      outcome.announce(log);
    }
    return endOrRestart(outcome);
  }

  /** The relay is over, unless its restart policy has it begin again. */
  private Behavior<RelayCommand> endOrRestart(Outcome end) {
    outcome = end;
    if (stopping || !restarts.grants(end)) {
      stopping = true;
      return endWhenIdle();
    }
    log.notice("relay ended with status %d, restarting", end.status());
    tell(new RelayEvent.Restarting(end));
    Duration delay = RetryPolicy.of(address.first().options()).delay(restarts.failuresInARow());
    context.scheduleOnce(delay, context.getSelf(), SupervisorCommand.Notice.RESTART);
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
    if (!children.admits(client, log)) {
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
    long number = runtime.nextSession();
    children.began(number, client);
    int lowering = address.first().options().get(RelayOptions.CHILDREN_SHUTUP, 0);
    log.notice("forked off child process %d", number);
    Duration pause = settings.open().forkPause();
    startSession(channel, log.forSession(number, lowering), number, pause);
    if (!pause.isZero()) {
      gate.pause(pause);
    }
  }

  private void startSession(Channel channel, RelayLog sessionLog, long number, Duration pause) {
    RelayEvent started =
        started(number, channel, events.followsSessions()); // before the session can close it
    children.start(channel, sessionLog, number, pause);
    tell(started);
  }

  private static RelayEvent started(long number, Channel channel, boolean followsSessions) {
    ConnectionEnds ends =
        followsSessions && channel instanceof Endpoint endpoint ? endpoint.ends() : null;
    return new RelayEvent.SessionStarted(
        number,
        ends == null ? Optional.empty() : ends.peer().toSocketAddress(),
        ends == null ? Optional.empty() : ends.local().toSocketAddress(),
        Instant.now());
  }

  Behavior<RelayCommand> onSessionEnded(SupervisorCommand.SessionEnded message) {
    if (!children.ended(message.session())) {
      return this; // it has told its end itself
    }
    RelaySession.Result result = message.result();
    tell(
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
    if (reconnect != null) {
      reconnect.cancel();
      return onNotice(SupervisorCommand.Notice.CONNECT_AGAIN);
    }
    return this;
  }

  Behavior<RelayCommand> onListenerFailed(SupervisorCommand.ListenerFailed message) {
    if (message.cause() instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
      gate.waitForDescriptor(error);
      return this;
    }
    outcome = OpenReport.log(log, message.cause(), settings.sloppy());
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
        outcome = OpenReport.log(log, new AcceptTimeout(), settings.sloppy());
        stopping = true;
        return endWhenIdle();
      }
      case CONNECT_AGAIN -> {
        reconnect = null;
        if (stopping) {
          return this;
        }
        if (slots.isFull()) {
          log.info("all %d allowed children are active, waiting", slots.taken());
          waitThenConnect();
        } else {
          open();
        }
      }
    }
    return this;
  }

  /**
   * A connecting address with fork connects again after its interval, or as soon as a session has
   * ended.
   */
  private void waitThenConnect() {
    Duration interval = RetryPolicy.of(address.first().options()).interval();
    reconnect =
        context.scheduleOnce(interval, context.getSelf(), SupervisorCommand.Notice.CONNECT_AGAIN);
  }

  // --- the end

  Behavior<RelayCommand> onReportStatistics(RelayCommand.ReportStatistics message) {
    if (children.count() == 0) {
      SessionStatistics.log(log, null);
      message.replyTo().tell(Done.getInstance());
    } else {
      children.report(message.replyTo());
    }
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
    tell(message.event());
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
    tell(new RelayEvent.Ended(stopping || outcome.error() ? outcome : Outcome.FAILED));
    return this;
  }
}
