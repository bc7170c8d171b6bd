package dev.sluice.relay;

import akka.Done;
import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.Terminated;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
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
public final class RelaySupervisor extends ExtensibleBehavior<RelaySupervisor.Command> {
  /** What a supervisor is told. A command knows its handler, as those of a session do. */
  public sealed interface Command {
    /** Has the supervisor do it; returns what handles the next command. */
    Behavior<Command> applyTo(RelaySupervisor supervisor);
  }

  /** End all sessions, then itself. */
  public enum Stop implements Command {
    NOW;

    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onStop();
    }
  }

  /** Take no more connections, and end when the last session has. */
  public enum Drain implements Command {
    NOW;

    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onDrain();
    }
  }

  /** End one session, if it is alive. */
  public record EndSession(long session) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onEndSession(this);
    }
  }

  /** From now on have as many sessions at most; 0 for any number, up to {@code max-children}. */
  public record LimitSessions(int most) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onLimitSessions(this);
    }
  }

  /**
   * From now on let peers in no faster, and no more of one client at once: peers that come too fast
   * wait before they are accepted, a session too many of a client is refused and logged.
   *
   * @param perSecond new sessions in a second; 0 for any number
   * @param perClient sessions of one host at once; 0 for any number
   */
  public record LimitPeers(int perSecond, int perClient) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onLimitPeers(this);
    }
  }

  /** Peers are held back because they come too fast. */
  private record HeldBack(Duration time) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      supervisor.context.scheduleOnce(time, supervisor.context.getSelf(), Notice.ROOM_MADE);
      return supervisor;
    }
  }

  /**
   * Where a session goes.
   *
   * @param right the right address
   * @param settings how the session behaves; the directions are those that the relay began with
   */
  public record Target(AddressPair right, RelaySettings settings) {}

  /** Log the counters of the sessions, and say so. */
  public record ReportStatistics(ActorRef<Done> replyTo) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onReportStatistics(this);
    }
  }

  private record AddressOpened(Opened opened) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onOpened(this);
    }
  }

  /** Something that others are to be told of. */
  private record Happened(RelayEvent event) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      supervisor.tell(event);
      return supervisor;
    }
  }

  private record OpenFailed(Throwable cause) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onOpenFailed(this);
    }
  }

  private record Connected(Channel channel, Runnable announcement) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onConnected(this);
    }
  }

  private record ListenerFailed(Throwable cause) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onListenerFailed(this);
    }
  }

  /** A session has closed everything, or is gone without a word. */
  record SessionEnded(long session, RelaySession.Result result) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onSessionEnded(this);
    }
  }

  /** A session has logged its counters for a report. */
  record Reported(long session, Report report) implements Command {
    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      report.answered(session);
      return supervisor;
    }
  }

  enum Notice implements Command {
    ACCEPT_TIMED_OUT,
    RESUME_ACCEPT,
    CONNECT_AGAIN,
    /** A session is open, and somebody was held back until then. */
    ROOM_MADE,
    RESTART,
    /** What was being opened has had its time to be given up. */
    OPENING_LEFT,
    /** All peers that were let in have been told of. */
    LISTENER_CLOSED;

    @Override
    public Behavior<Command> applyTo(RelaySupervisor supervisor) {
      return supervisor.onNotice(this);
    }
  }

  /** A report of the counters that sessions still have to answer. */
  private record Report(Set<Long> sessions, ActorRef<Done> replyTo) {
    /** A session has logged its counters, or has ended. */
    void answered(long session) {
      if (sessions.remove(session) && sessions.isEmpty()) {
        replyTo.tell(Done.getInstance());
      }
    }

    boolean isDone() {
      return sessions.isEmpty();
    }
  }

  /** How a connection becomes a session. */
  private interface Pairing {
    SessionPlan plan(
        Channel connection,
        SessionPoller poller,
        Turn turn,
        RelayLog log,
        Duration pause,
        long number,
        ChildSlots slots,
        ActorRef<Command> supervisor);
  }

  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  /**
   * How long an end waits for an address that is still being opened; what comes later is closed.
   */
  private static final Duration OPENING_PATIENCE = Duration.ofMillis(200);

  /** A poller that takes longer to begin a session has work for another one. */
  private static final Duration KEEPS_ORDER = Duration.ofMillis(2);

  private final ActorContext<Command> context;
  private final SessionPoller home;
  private final RelaySettings settings;
  private final RelayRuntime runtime;
  private final RelayLog log;
  private final AddressPair address;
  private final Direction direction;
  private final Pairing pairing;
  private final RelayWatcher events;
  private final boolean forks;
  private final ChildSlots slots;
  private final Map<Long, ActorRef<SessionCommand>> sessions = new HashMap<>();
  private final List<Report> reports = new ArrayList<>(1);
  private final ClientCounts clients = new ClientCounts();
  private final RestartBudget restarts;
  private @Nullable Listener listener;
  private @Nullable Cancellable reconnect;
  private SessionPoller lastPoller;
  private Turn turn = Turn.NONE;
  private Outcome outcome = Outcome.OK;
  private boolean stopping;
  private boolean listenerCloses;
  private @Nullable CompletionStage<Opened> opening;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private boolean waitedForRoom;
  private boolean shortOfDescriptors;

  private RelaySupervisor(
      ActorContext<Command> context,
      SessionPoller home,
      AddressPair address,
      Direction direction,
      Pairing pairing,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    this.context = context;
    this.home = home;
    this.lastPoller = home;
    this.address = address;
    this.direction = direction;
    this.pairing = pairing;
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
  }

  /**
   * A relay between two addresses.
   *
   * @param events told what happens, on the supervisor's thread; {@link RelayEvent.Ended} is the
   *     last
   */
  public static Behavior<Command> relay(
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
  public static Behavior<Command> relay(
      AddressPair left,
      LongFunction<Target> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    ProcessScope scope = ProcessScope.after(left, settings.leftDirection());
    Pairing pairing =
        (connection, poller, turn, sessionLog, pause, number, slots, supervisor) -> {
          Target target = targets.apply(number);
          return new SessionPlan(
              target.settings(),
              runtime,
              connection,
              new SessionPlan.Right.ToOpen(target.right()),
              scope,
              poller,
              turn,
              sessionLog,
              pause,
              number,
              slots,
              supervisor);
        };
    return onPoller(
        runtime,
        (context, home) -> {
          RelaySupervisor supervisor =
              new RelaySupervisor(
                  context,
                  home,
                  left,
                  settings.leftDirection(),
                  pairing,
                  settings,
                  runtime,
                  log,
                  events);
          supervisor.open();
          return supervisor;
        });
  }

  /**
   * A supervisor lives on the poller that serves its listener, so that a new connection wakes no
   * other thread on its way to a session.
   */
  private static Behavior<Command> onPoller(
      RelayRuntime runtime,
      BiFunction<ActorContext<Command>, SessionPoller, RelaySupervisor> maker) {
    return Behaviors.setup(
        outer -> {
          SessionPoller home = runtime.nextPoller();
          ActorRef<Command> supervisor =
              outer.spawn(
                  Behaviors.setup(context -> maker.apply(context, home)),
                  "supervisor",
                  home.dispatcher());
          outer.watch(supervisor);
          return new Forwarder(supervisor);
        });
  }

  /** Hands on to the supervisor on its poller, and ends with it. */
  private static final class Forwarder extends ExtensibleBehavior<Command> {
    private final ActorRef<Command> supervisor;

    private Forwarder(ActorRef<Command> supervisor) {
      this.supervisor = supervisor;
    }

    @Override
    public Behavior<Command> receive(TypedActorContext<Command> context, Command message) {
      supervisor.tell(message);
      return this;
    }

    @Override
    public Behavior<Command> receiveSignal(TypedActorContext<Command> context, Signal signal) {
      return signal instanceof Terminated ? Behaviors.stopped() : Behaviors.unhandled();
    }
  }

  /**
   * Sessions that all share an open left address, one for each connection of a right address with
   * option fork.
   *
   * @param home the poller that runs the supervisor
   */
  static Behavior<Command> sharing(
      SessionPoller home,
      Endpoint left,
      Opened opened,
      AddressPair right,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    Pairing pairing =
        (connection, poller, turn, sessionLog, pause, number, slots, supervisor) ->
            new SessionPlan(
                settings,
                runtime,
                left.shared(true),
                new SessionPlan.Right.Open(connection),
                ProcessScope.NONE,
                poller,
                turn,
                sessionLog,
                pause,
                number,
                slots,
                supervisor);
    return Behaviors.setup(
        context -> {
          RelaySupervisor supervisor =
              new RelaySupervisor(
                  context,
                  home,
                  right,
                  Direction.BOTH,
                  pairing,
                  settings,
                  runtime,
                  log,
                  event -> {
                    if (event instanceof RelayEvent.Ended) {
                      left.shared(false);
                    }
                    events.happened(event);
                  });
          context.getSelf().tell(new AddressOpened(opened));
          return supervisor;
        });
  }

  /** Says that there are no counters, because nothing has been transferred here. */
  public static void reportNoStatistics(RelayLog log) {
    SessionStatistics.log(log, null);
  }

  @Override
  public Behavior<Command> receive(TypedActorContext<Command> context, Command message) {
    try {
      return message.applyTo(this);
    } catch (RuntimeException e) {
      outcome = Outcome.FAILED.because(e);
      throw e;
    }
  }

  @Override
  public Behavior<Command> receiveSignal(TypedActorContext<Command> context, Signal signal) {
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
    ActorRef<Command> self = context.getSelf();
    opening =
        new AddressOpener(
                settings,
                log,
                home.poller(),
                runtime,
                context.getSystem().scheduler(),
                context.getExecutionContext(),
                ProcessScope.NONE,
                null,
                Turn.NONE,
                gone,
                new Opening(self))
            .open(address, direction, Map::of, true);
    opening.whenComplete(
        (opened, failure) ->
            self.tell(
                opened != null
                    ? new AddressOpened(opened)
                    : new OpenFailed(AddressOpener.unwrap(failure))));
  }

  private Behavior<Command> onOpened(AddressOpened message) {
    opening = null;
    if (message.opened() instanceof Listener opened) {
      listener = opened;
      if (stopping) {
        return endWhenIdle();
      }
      announceListening();
      tell(new RelayEvent.Listening(opened.localAddress(), opened.boundAddress()));
      opened.start(slots, new Accepting(context.getSelf()));
      return this;
    }
    if (!(message.opened() instanceof Channel channel)) {
      return onOpenFailed(new OpenFailed(AddressOpener.noforkNotAllowed()));
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

  private Behavior<Command> onOpenFailed(OpenFailed message) {
    opening = null;
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
  private Behavior<Command> endOrRestart(Outcome end) {
    outcome = end;
    if (stopping || !restarts.grants(end)) {
      stopping = true;
      return endWhenIdle();
    }
    log.notice("relay ended with status %d, restarting", end.status());
    tell(new RelayEvent.Restarting(end));
    Duration delay = RetryPolicy.of(address.first().options()).delay(restarts.failuresInARow());
    context.scheduleOnce(delay, context.getSelf(), Notice.RESTART);
    return this;
  }

  // --- connections

  /** Turns what is told while an address opens into messages. */
  private record Opening(ActorRef<Command> supervisor) implements AddressOpener.Progress {
    @Override
    public void listening(Listener listener) {
      supervisor.tell(
          new Happened(new RelayEvent.Listening(listener.localAddress(), listener.boundAddress())));
    }

    @Override
    public void retrying(int failed, Throwable cause) {
      supervisor.tell(new Happened(new RelayEvent.Retrying(failed, cause)));
    }
  }

  /** Turns what a listener says on its poller's thread into messages. */
  private record Accepting(ActorRef<Command> supervisor) implements Listener.Handler {
    @Override
    public void connected(Channel channel, Runnable announcement) {
      supervisor.tell(new Connected(channel, announcement));
    }

    @Override
    public void failed(Throwable cause) {
      supervisor.tell(new ListenerFailed(cause));
    }

    @Override
    public void timedOut() {
      supervisor.tell(Notice.ACCEPT_TIMED_OUT);
    }
  }

  private void announceListening() {
    if (listener != null) {
      log.notice("%s", listener.announcement());
    }
  }

  private Behavior<Command> onConnected(Connected message) {
    if (stopping) {
      message.channel().close();
      return this;
    }
    shortOfDescriptors = false;
    message.announcement().run();
    String client = clients.host(message.channel());
    if (!clients.admits(client)) {
      if (clients.isNews(client)) {
        log.warning("client " + client + " has as many sessions as it may; others are refused");
      }
      message.channel().close();
      slots.leave();
      return this;
    }
    fork(message.channel(), client);
    if (sessions.size() >= slots.limit()) {
      waitedForRoom = true;
      log.notice("maxchildren are active, waiting");
    } else {
      announceListening();
    }
    return this;
  }

  private void fork(Channel channel, String client) {
    long number = runtime.nextSession();
    clients.began(number, client);
    int lowering = address.first().options().get(RelayOptions.CHILDREN_SHUTUP, 0);
    log.notice("forked off child process %d", number);
    Duration pause = settings.open().forkPause();
    startSession(channel, log.forSession(number, lowering), number, pause);
    if (!pause.isZero() && listener != null) {
      pauseListener(pause);
    }
  }

  private void pauseListener(Duration pause) {
    slots.pause(true);
    context.scheduleOnce(pause, context.getSelf(), Notice.RESUME_ACCEPT);
  }

  private void resumeListener() {
    if (listener != null) {
      listener.resume();
    }
  }

  private void startSession(Channel channel, RelayLog sessionLog, long number, Duration pause) {
    ActorRef<Command> self = context.getSelf();
    RelayEvent started =
        started(number, channel, events.readsEnds()); // before the session can close it
    SessionPoller poller = forks ? nextPoller() : home;
    turn = forks ? turn.next() : Turn.NONE;
    ActorRef<SessionCommand> session =
        context.spawnAnonymous(
            RelaySession.create(
                pairing.plan(channel, poller, turn, sessionLog, pause, number, slots, self)),
            poller.dispatcher());
    context.watchWith(session, new SessionEnded(number, RelaySession.Result.BROKEN));
    sessions.put(number, session);
    tell(started);
  }

  private static RelayEvent started(long number, Channel channel, boolean readsEnds) {
    ConnectionEnds ends =
        readsEnds && channel instanceof Endpoint endpoint ? endpoint.ends() : null;
    return new RelayEvent.SessionStarted(
        number,
        ends == null ? Optional.empty() : ends.peer().toSocketAddress(),
        ends == null ? Optional.empty() : ends.local().toSocketAddress(),
        Instant.now());
  }

  /**
   * The poller of the session before, while that has not begun to connect: a poller takes its tasks
   * in order, so sessions connect in the order in which their clients were accepted.
   */
  private SessionPoller nextPoller() {
    if (turn.isPassedOrOlderThan(KEEPS_ORDER)) {
      lastPoller = runtime.nextPoller();
    }
    return lastPoller;
  }

  private Behavior<Command> onSessionEnded(SessionEnded message) {
    if (sessions.remove(message.session()) == null) {
      return this; // it has told its end itself
    }
    clients.ended(message.session());
    reports.forEach(report -> report.answered(message.session()));
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
    if (listener != null) {
      if (waitedForRoom) {
        waitedForRoom = false;
        announceListening();
      }
      if (heldBack) {
        listener.resume();
      }
    } else if (reconnect != null) {
      reconnect.cancel();
      return onNotice(Notice.CONNECT_AGAIN);
    }
    return this;
  }

  private Behavior<Command> onListenerFailed(ListenerFailed message) {
    if (message.cause() instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
      if (!shortOfDescriptors) {
        shortOfDescriptors = true;
        log.warning(error.getMessage() + "; waiting for a free descriptor");
      }
      pauseListener(ACCEPT_PAUSE);
      return this;
    }
    outcome = OpenReport.log(log, message.cause(), settings.sloppy());
    outcome.announce(log);
    return onStop();
  }

  private Behavior<Command> onNotice(Notice notice) {
    switch (notice) {
      case RESUME_ACCEPT -> {
        slots.pause(false);
        resumeListener();
      }
      case ROOM_MADE -> resumeListener();
      case LISTENER_CLOSED -> {
        listenerCloses = false;
        return endWhenIdle();
      }
      case OPENING_LEFT -> {
        discardOpening();
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
    reconnect = context.scheduleOnce(interval, context.getSelf(), Notice.CONNECT_AGAIN);
  }

  // --- the end

  private Behavior<Command> onReportStatistics(ReportStatistics message) {
    if (sessions.isEmpty()) {
      SessionStatistics.log(log, null);
      message.replyTo().tell(Done.getInstance());
      return this;
    }
    reports.removeIf(Report::isDone);
    Report report = new Report(new HashSet<>(sessions.keySet()), message.replyTo());
    reports.add(report);
    sessions.forEach(
        (number, session) ->
            session.tell(
                new SessionCommand.Report(context.getSelf(), new Reported(number, report))));
    return this;
  }

  private Behavior<Command> onEndSession(EndSession message) {
    ActorRef<SessionCommand> session = sessions.get(message.session());
    if (session != null) {
      session.tell(SessionCommand.Stop.NOW);
    }
    return this;
  }

  private Behavior<Command> onLimitSessions(LimitSessions message) {
    int own = Math.max(0, address.first().options().get(RelayOptions.MAX_CHILDREN, 0));
    int most = message.most();
    slots.limit(own == 0 || most == 0 ? Math.max(own, most) : Math.min(own, most));
    resumeListener();
    return this;
  }

  private Behavior<Command> onLimitPeers(LimitPeers message) {
    ActorRef<Command> self = context.getSelf();
    slots.rate(
        message.perSecond() == 0 ? null : new SessionRate(message.perSecond(), System::nanoTime),
        time -> self.tell(new HeldBack(time)));
    clients.limit(message.perClient());
    resumeListener();
    return this;
  }

  private Behavior<Command> onDrain() {
    stopping = true;
    return endWhenIdle();
  }

  private Behavior<Command> onStop() {
    stopping = true;
    sessions.values().forEach(session -> session.tell(SessionCommand.Stop.NOW));
    return endWhenIdle();
  }

  private Behavior<Command> endWhenIdle() {
    Listener open = listener;
    if (open != null) {
      listener = null;
      listenerCloses = true;
      ActorRef<Command> self = context.getSelf();
      open.close(() -> self.tell(Notice.LISTENER_CLOSED));
    }
    if (opening != null) {
      if (!gone.isDone()) {
        gone.complete(null);
        context.scheduleOnce(OPENING_PATIENCE, context.getSelf(), Notice.OPENING_LEFT);
      }
      return this;
    }
    return listenerCloses || !sessions.isEmpty() ? this : Behaviors.stopped();
  }

  /** What is still being opened is closed once it is open, and waited for no longer. */
  private void discardOpening() {
    if (opening != null) {
      opening.thenAccept(AddressOpener::discard);
      opening = null;
    }
  }

  private Behavior<Command> onPostStop() {
    gone.complete(null);
    discardOpening();
    if (listener != null) {
      listener.close();
    }
    // nobody has decided to end: an exception ends the relay, or the end of the actor system
    tell(new RelayEvent.Ended(stopping || outcome.error() ? outcome : Outcome.FAILED));
    return this;
  }
}
