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

/**
 * The sessions of a relay that are alive: starts them as children of the supervisor's actor, counts
 * them by client, and asks all of them for their counters. Used on the supervisor's thread only.
 */
final class RelayChildren {
  /**
   * A session that is alive.
   *
   * @param since when it began, by {@link System#nanoTime}
   */
  private record Child(ActorRef<SessionCommand> session, long since) {}

  private final ActorContext<RelayCommand> context;
  private final SessionPairing pairing;
  private final RelayRuntime runtime;
  private final SessionPlacement placement;
  private final ChildSlots slots;
  private final boolean followed;
  private final Map<Long, Child> sessions = new HashMap<>();
  private final List<StatisticsReport> reports = new ArrayList<>(1);
  private final ClientCounts clients = new ClientCounts();
  private Turn turn = Turn.NONE;

  /**
   * No sessions yet.
   *
   * @param placement chooses the poller of each session
   * @param slots told by sessions when they are open
   * @param followed whether sessions tell how their bytes move
   */
  RelayChildren(
      ActorContext<RelayCommand> context,
      SessionPairing pairing,
      RelayRuntime runtime,
      SessionPlacement placement,
      ChildSlots slots,
      boolean followed) {
    this.context = context;
    this.pairing = pairing;
    this.runtime = runtime;
    this.placement = placement;
    this.slots = slots;
    this.followed = followed;
  }

  /** Starts the session of a connection. */
  void start(Channel connection, RelayLog log, long number, Duration pause) {
    SessionPairing.Sides sides = pairing.sides(connection, number);
    SessionPoller poller = placement.next();
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
    RightAddress.Begun right = RightAddress.begin(plan, context.getSystem().scheduler());
    ActorRef<SessionCommand> session =
        context.spawnAnonymous(RelaySession.create(plan, right), poller.dispatcher());
    context.watchWith(
        session, new SupervisorCommand.SessionEnded(number, RelaySession.Result.BROKEN));
    sessions.put(number, new Child(session, System.nanoTime()));
  }

  /** A session has ended; false if that was known. */
  boolean ended(long number) {
    Child child = sessions.remove(number);
    if (child == null) {
      return false;
    }
    placement.lived(System.nanoTime() - child.since());
    clients.ended(number);
    reports.forEach(report -> report.answered(number));
    return true;
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
