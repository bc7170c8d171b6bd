package dev.sluice.relay;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.log.RelayLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The sessions of a relay that are alive: starts them as children of the supervisor's actor, counts
 * them by client, and asks all of them for their counters. Used on the supervisor's thread only.
 */
final class RelayChildren {
  /** A poller that takes longer to begin a session has work for another one. */
  private static final Duration KEEPS_ORDER = Duration.ofMillis(2);

  private final ActorContext<RelayCommand> context;
  private final SessionPairing pairing;
  private final RelayRuntime runtime;
  private final Supplier<SessionPoller> pollers;
  private final ChildSlots slots;
  private final boolean followed;
  private final Map<Long, ActorRef<SessionCommand>> sessions = new HashMap<>();
  private final List<StatisticsReport> reports = new ArrayList<>(1);
  private final ClientCounts clients = new ClientCounts();
  private SessionPoller lastPoller;
  private Turn turn = Turn.NONE;

  /**
   * No sessions yet.
   *
   * @param home the supervisor's poller
   * @param pollers the poller for the next session
   * @param slots told by sessions when they are open
   * @param followed whether sessions tell how their bytes move
   */
  RelayChildren(
      ActorContext<RelayCommand> context,
      SessionPoller home,
      SessionPairing pairing,
      RelayRuntime runtime,
      Supplier<SessionPoller> pollers,
      ChildSlots slots,
      boolean followed) {
    this.context = context;
    this.pairing = pairing;
    this.runtime = runtime;
    this.pollers = pollers;
    this.slots = slots;
    this.followed = followed;
    this.lastPoller = home;
  }

  /** Starts the session of a connection. */
  void start(Channel connection, RelayLog log, long number, Duration pause) {
    SessionPairing.Sides sides = pairing.sides(connection, number);
    SessionPoller poller = nextPoller();
    turn = turn.next();
    SessionPlan plan =
        new SessionPlan(
            sides.settings(),
            runtime,
            sides.left(),
            sides.right(),
            sides.scope(),
            poller,
            turn,
            log,
            pause,
            number,
            slots,
            followed,
            context.getSelf());
    ActorRef<SessionCommand> session =
        context.spawnAnonymous(RelaySession.create(plan), poller.dispatcher());
    context.watchWith(
        session, new SupervisorCommand.SessionEnded(number, RelaySession.Result.BROKEN));
    sessions.put(number, session);
  }

  /**
   * The poller of the session before, while that has not begun to connect: a poller takes its tasks
   * in order, so sessions connect in the order in which their clients were accepted.
   */
  private SessionPoller nextPoller() {
    if (turn.isPassedOrOlderThan(KEEPS_ORDER)) {
      lastPoller = pollers.get();
    }
    return lastPoller;
  }

  /** A session has ended; false if that was known. */
  boolean ended(long number) {
    if (sessions.remove(number) == null) {
      return false;
    }
    clients.ended(number);
    reports.forEach(report -> report.answered(number));
    return true;
  }

  int count() {
    return sessions.size();
  }

  void stop(long number) {
    ActorRef<SessionCommand> session = sessions.get(number);
    if (session != null) {
      session.tell(SessionCommand.Stop.NOW);
    }
  }

  void stopAll() {
    sessions.values().forEach(session -> session.tell(SessionCommand.Stop.NOW));
  }

  /** Has each session log its counters, then tells that all have. */
  void report(ActorRef<Done> replyTo) {
    reports.removeIf(StatisticsReport::isDone);
    StatisticsReport report = new StatisticsReport(new HashSet<>(sessions.keySet()), replyTo);
    reports.add(report);
    sessions.forEach(
        (number, session) ->
            session.tell(
                new SessionCommand.Report(
                    context.getSelf(), new SupervisorCommand.Reported(number, report))));
  }

  // --- clients

  /** Sessions of one client at once; 0 for any number. */
  void limitClients(int most) {
    clients.limit(most);
  }

  /** The client's host; empty when nobody counts. */
  String client(Channel connection) {
    return clients.host(connection);
  }

  /** Whether a client may have one more session; the first refusal is logged. */
  boolean admits(String client, RelayLog log) {
    boolean admitted = clients.admits(client);
    if (!admitted && clients.isNews(client)) {
      log.warning("client " + client + " has as many sessions as it may; others are refused");
    }
    return admitted;
  }

  /** A session of that client begins. */
  void began(long number, String client) {
    clients.began(number, client);
  }
}
