package dev.sluice.relay;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.log.RelayLog;
import dev.sluice.option.RelayOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The sessions of a relay that are alive: starts them as children of the supervisor's actor, counts
 * them by client, and asks all of them for their counters. Used on the supervisor's thread only.
 */
final class RelayChildren {
  /** Of all relays whose clients may have any number of sessions: it counts nothing. */
  private static final ClientCounts UNLIMITED = new ClientCounts();

  /**
   * A session that is alive.
   *
   * @param since when it began, by {@link System#nanoTime}
   */
  private record Child(ActorRef<SessionCommand> session, long since) {}

  private final ActorContext<RelayCommand> context;
  private final SupervisorSetup setup;
  private final SessionPlacement placement;
  private final SessionHome home;
  private final SupervisorEvents events;
  private final Map<Long, Child> sessions = new HashMap<>();
  private final List<StatisticsReport> reports = new ArrayList<>(0);

  private ClientCounts clients = UNLIMITED;

  private Turn turn = Turn.NONE;

  /**
   * No sessions yet.
   *
   * @param placement chooses the poller of each session
   * @param slots told by sessions when they are open
   * @param events told of each session that begins
   */
  RelayChildren(
      ActorContext<RelayCommand> context,
      SupervisorSetup setup,
      SessionPlacement placement,
      ChildSlots slots,
      SupervisorEvents events) {
    this.context = context;
    this.setup = setup;
    this.placement = placement;
    this.home =
        new SessionHome(setup.runtime(), slots, events.followsSessions(), context.getSelf());
    this.events = events;
  }

  /**
   * Starts one of several sessions, with a number of its own.
   *
   * @param client as {@link #client} has it
   * @param pause before it begins
   */
  void fork(Channel connection, String client, Duration pause) {
    RelayLog log = setup.log();
    long number = setup.runtime().nextSession();
    clients.began(number, client);
    log.notice("forked off child process %d", number);
    int lowering = setup.options().get(RelayOptions.CHILDREN_SHUTUP, 0);
    start(connection, log.forSession(number, lowering), number, pause);
  }

  /** Starts the only session. */
  void start(Channel connection) {
    RelayLog log = setup.log();
    start(connection, log, log.session(), Duration.ZERO);
  }

  private void start(Channel connection, RelayLog log, long number, Duration pause) {
    RelayEvent started = events.started(number, connection); // before the session can close it
    SupervisorCommand.SessionEnded end = new SupervisorCommand.SessionEnded(number);
    SessionPairing.Sides sides = setup.pairing().sides(connection, number);
    SessionPoller poller = placement.next();
    turn = turn.next();
    SessionPlan plan =
        new SessionPlan(
            home,
            sides.settings(),
            sides.left(),
            sides.right(),
            sides.scope(),
            poller,
            turn,
            log,
            pause,
            end);
    Opening right = RightAddress.begin(plan, context.getSystem().scheduler());
    ActorRef<SessionCommand> session =
        context.spawnAnonymous(RelaySession.create(plan, right), poller.dispatcher());
    context.watchWith(session, end);
    sessions.put(number, new Child(session, System.nanoTime()));
    events.tell(started);
  }

  /** A session has ended. */
  void ended(long number) {
    Child child = Objects.requireNonNull(sessions.remove(number));
    placement.lived(System.nanoTime() - child.since());
    clients.ended(number);
    reports.forEach(report -> report.answered(number));
  }

  int count() {
    return sessions.size();
  }

  void stop(long number) {
    Child child = sessions.get(number);
    if (child != null) {
      child.session().tell(SessionCommand.Stop.NOW);
    }
  }

  void stopAll() {
    sessions.values().forEach(child -> child.session().tell(SessionCommand.Stop.NOW));
  }

  /** Has each session log its counters, then tells that all have. */
  void report(ActorRef<Done> replyTo) {
    if (sessions.isEmpty()) {
      SessionStatistics.log(setup.log(), null);
      replyTo.tell(Done.getInstance());
      return;
    }
    reports.removeIf(StatisticsReport::isDone);
    StatisticsReport report = new StatisticsReport(new HashSet<>(sessions.keySet()), replyTo);
    reports.add(report);
    sessions.forEach(
        (number, child) ->
            child
                .session()
                .tell(
                    new SessionCommand.Report(
                        context.getSelf(), new SupervisorCommand.Reported(number, report))));
  }

  // --- clients

  /** Sessions of one client at once; 0 for any number. */
  void limitClients(int most) {
    if (clients == UNLIMITED && most > 0) {
      clients = new ClientCounts();
    }
    if (clients != UNLIMITED) {
      clients.limit(most);
    }
  }

  /** The client's host; empty when nobody counts. */
  String client(Channel connection) {
    return clients.host(connection);
  }

  /** Whether a client may have one more session; the first refusal is logged. */
  boolean admits(String client) {
    if (clients.admits(client)) {
      return true;
    }
    if (clients.isNews(client)) {
      setup
          .log()
          .warning("client " + client + " has as many sessions as it may; others are refused");
    }
    return false;
  }
}
