package dev.sluice.relay;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeError;
import dev.sluice.transfer.TransferDirection;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Relays one connection: what socat does in a process of its own after fork().
 *
 * <p>Opens the right address, starts a transfer in each direction, keeps the timeouts, and ends
 * with an {@link Outcome}. An error here ends this session alone. What it does at a time is its
 * {@link SessionState}; here is what all states share.
 */
final class RelaySession {
  /**
   * How a session ended, and what it moved.
   *
   * @param leftToRight bytes
   * @param rightToLeft bytes
   */
  record Result(Outcome outcome, long leftToRight, long rightToLeft) {
    /** The result of a session that could not even tell its end. */
    static final Result BROKEN = new Result(Outcome.FAILED, 0, 0);
  }

  /** Who has decided the end of a session. */
  enum Ending {
    /** Nobody: an end now is an exception's. */
    UNDECIDED,
    ITSELF,
    /** Somebody who stopped it. No status is announced. */
    STOPPED,
    /** The supervisor of those that shared its left address, which has said all. */
    SHARED
  }

  private final ActorContext<SessionCommand> context;
  private final SessionHome home;
  private final RelaySettings settings;
  private final SessionPoller poller;
  private final RelayLog log;
  private final SupervisorCommand.SessionEnded end;
  private final SessionChannels channels;
  private SessionPrograms programs = SessionPrograms.NONE;
  private @Nullable Turn turn;
  private @Nullable SessionTransfers transfers;
  private @Nullable CompletionStage<SessionFiles> files;
  private boolean hasOpened;
  private boolean hasLentRoom;
  private @Nullable Cancellable timer;
  private Outcome outcome = Outcome.OK;
  private Ending ending = Ending.UNDECIDED;

  private RelaySession(ActorContext<SessionCommand> context, SessionPlan plan) {
    this.context = context;
    this.home = plan.home();
    this.settings = plan.settings();
    this.poller = plan.poller();
    this.log = plan.log();
    this.end = plan.end();
    this.turn = plan.turn();
    this.channels = new SessionChannels(plan.left());
  }

  /**
   * A session.
   *
   * @param right its right address, if that is being opened already
   */
  static Behavior<SessionCommand> create(SessionPlan plan, @Nullable Opening right) {
    return once(context -> SessionGreeting.begin(new RelaySession(context, plan), plan, right));
  }

  /**
   * Begins an actor, and lets go of what it begins with: Akka keeps the function for as long as the
   * actor lives.
   */
  private static Behavior<SessionCommand> once(
      Function<ActorContext<SessionCommand>, Behavior<SessionCommand>> begin) {
    AtomicReference<@Nullable Function<ActorContext<SessionCommand>, Behavior<SessionCommand>>>
        kept = new AtomicReference<>(begin);
    return Behaviors.setup(context -> Objects.requireNonNull(kept.getAndSet(null)).apply(context));
  }

  ActorContext<SessionCommand> context() {
    return context;
  }

  ActorRef<SessionCommand> self() {
    return context.getSelf();
  }

  /** What it shares with the other sessions of its relay. */
  SessionHome home() {
    return home;
  }

  RelaySettings settings() {
    return settings;
  }

  /** Serves its descriptors. */
  SessionPoller poller() {
    return poller;
  }

  RelayLog log() {
    return log;
  }

  /** Its name to its supervisor. */
  long number() {
    return end.session();
  }

  SessionChannels channels() {
    return channels;
  }

  SessionPrograms programs() {
    return programs;
  }

  /** Hears of the ends of the programs behind a channel from now on. */
  void watchPrograms(Channel channel) {
    programs = programs.watch(channel, this);
  }

  /** These move the data from now on. */
  void uses(SessionTransfers started) {
    transfers = started;
  }

  /** What moves the data; null before that. */
  @Nullable SessionTransfers transfers() {
    return transfers;
  }

  /** These are closed with the session, or once they are open. */
  void uses(CompletionStage<SessionFiles> opening) {
    files = opening;
  }

  // --- time

  /** How long nothing may move, if there is a limit. */
  Optional<Duration> idleLimit() {
    Duration ofLeft = channels.left() instanceof Endpoint endpoint ? endpoint.idleLimit() : null;
    return settings().inactivityTimeout().or(() -> Optional.ofNullable(ofLeft));
  }

  /** Sends itself a message later. */
  void after(Duration time, SessionCommand message) {
    context.scheduleOnce(time, self(), message);
  }

  /** Sets the session's only timer; what it was set to before is forgotten. */
  void setTimer(Duration time, SessionCommand message) {
    cancelTimer();
    timer = context.scheduleOnce(Delays.schedulable(time), self(), message);
  }

  void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  // --- the end

  /** Sessions that came later need not wait for this one any more. */
  void passTurn() {
    if (turn != null) {
      turn.pass();
      turn = null;
    }
  }

  /** Both addresses are open, or never will be; told once. */
  void opened() {
    passTurn();
    if (!hasOpened) {
      hasOpened = true;
      roomMade(hasLentRoom ? home.slots().notGreeted() : home.slots().opened());
    }
  }

  /**
   * The peer has to be greeted first; until then other sessions may use the room for descriptors.
   */
  void lendRoom() {
    hasLentRoom = true;
    roomMade(home.slots().greeting());
  }

  /** Whether there is room to open the right address, after it was lent. */
  boolean takeRoomBack() {
    hasLentRoom = !home.slots().greeted();
    return !hasLentRoom;
  }

  private void roomMade(boolean wasHeldBack) {
    if (wasHeldBack) {
      home.supervisor().tell(SupervisorCommand.Notice.ROOM_MADE);
    }
  }

  /** Logs why an address could not be opened, and ends with what that means. */
  void failedToOpen(Throwable cause) {
    ends(OpenReport.log(log(), cause, settings().sloppy()));
  }

  /** The session ends in that way. */
  void ends(Outcome with) {
    outcome = with;
  }

  /** An exception ends the session; it is the cause unless something had failed before. */
  void broke(RuntimeException cause) {
    if (!outcome.error()) {
      outcome = Outcome.FAILED.because(cause);
    }
  }

  /** A program has failed, and that counts. */
  void programFailed() {
    if (!outcome.error()) {
      outcome = Outcome.PROGRAM_FAILED;
    }
  }

  /** Only the first decision counts; a session that has failed is not stopped by anybody. */
  void decide(Ending by) {
    if (ending == Ending.UNDECIDED) {
      ending = by == Ending.STOPPED && outcome.error() ? Ending.ITSELF : by;
    } else if (by == Ending.SHARED) {
      ending = by;
    }
  }

  /** Bytes have been lost: says so, and takes the session for a failed one. */
  void lost(String text) {
    log().warning(text);
    outcome = outcome.error() ? outcome : Outcome.FAILED.because(new IOException(text));
  }

  /** Logs what a direction had read and could not write. */
  void logLoss(TransferDirection direction, long bytes) {
    if (bytes > 0) {
      log().info("%d bytes read from socket %d were not written", bytes, direction.source());
    }
  }

  /** Closes what is open. */
  void close() {
    if (ending == Ending.UNDECIDED && !outcome.error()) {
      outcome = Outcome.FAILED;
    }
    if (transfers != null) {
      transfers.keepNumbers();
    }
    NativeError failure = channels.close(outcome.error(), log());
    if (failure != null) {
      broke(failure);
    }
    if (files != null) {
      files.thenAccept(SessionFiles::close);
    }
    opened();
  }

  /** Tells how it ended: the last thing that happens. */
  void tellEnd() {
    if (ending == Ending.UNDECIDED || ending == Ending.ITSELF) {
      outcome.announce(log());
    }
    if (ending != Ending.SHARED && settings().statistics()) {
      logStatistics();
    }
    end.with(
        new Result(
            outcome,
            moved(TransferDirection.LEFT_TO_RIGHT),
            moved(TransferDirection.RIGHT_TO_LEFT)));
  }

  private long moved(TransferDirection direction) {
    return transfers == null ? 0 : transfers.moved(direction);
  }

  /** The counters as log lines. */
  void logStatistics() {
    SessionStatistics.log(log(), transfers == null ? null : transfers.all());
  }
}
