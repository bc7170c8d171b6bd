package dev.sluice.relay;

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
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.endpoint.Handover;
import dev.sluice.endpoint.Opened;
import dev.sluice.endpoint.Parting;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.DescriptorReport;
import dev.sluice.os.Errno;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.relay.SessionCommand.Ended;
import dev.sluice.relay.SessionCommand.HandedOver;
import dev.sluice.relay.SessionCommand.LeftGreeted;
import dev.sluice.relay.SessionCommand.OpenAgain;
import dev.sluice.relay.SessionCommand.PartOn;
import dev.sluice.relay.SessionCommand.PauseEnded;
import dev.sluice.relay.SessionCommand.ProgramEnded;
import dev.sluice.relay.SessionCommand.Quiescent;
import dev.sluice.relay.SessionCommand.Report;
import dev.sluice.relay.SessionCommand.RightFailed;
import dev.sluice.relay.SessionCommand.RightOpened;
import dev.sluice.relay.SessionCommand.SharingEnded;
import dev.sluice.relay.SessionCommand.SourceEnded;
import dev.sluice.relay.SessionCommand.Stop;
import dev.sluice.relay.SessionCommand.SuccessorEnded;
import dev.sluice.relay.SessionCommand.Timeout;
import dev.sluice.relay.SessionCommand.WriteFailed;
import dev.sluice.transfer.Activity;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import dev.sluice.transfer.TransferPlan;
import dev.sluice.transfer.Transfers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Relays one connection: what socat does in a process of its own after fork().
 *
 * <p>Opens the right address, starts a transfer in each direction, keeps the timeouts, and ends
 * with an {@link Outcome}. An error here ends this session alone.
 */
final class RelaySession extends ExtensibleBehavior<SessionCommand> {
  /**
   * How a session ended, and what it moved.
   *
   * @param leftToRight bytes
   * @param rightToLeft bytes
   */
  record Result(Outcome outcome, long leftToRight, long rightToLeft) {}

  private static final Duration DESCRIPTOR_RETRY = Duration.ofMillis(100);
  private static final Duration PROGRAM_PATIENCE = Duration.ofMillis(50);
  private static final Duration WRITE_ONLY_PROGRAM_PATIENCE = Duration.ofSeconds(1);
  private static final int TERM = 15;
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

  /** How long a peer may take nothing of what waits for it before the session gives up. */
  private static final Duration ROOM_PATIENCE = Duration.ofSeconds(30);

  private static final Duration FIRST_PARTING_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PARTING_PAUSE = Duration.ofMillis(50);
  private static final Duration RESCUE_PAUSE = Duration.ofMillis(50);

  private final ActorContext<SessionCommand> context;
  private final SessionPlan plan;
  private final RelaySettings settings;
  private final RelayLog log;
  private final Activity activity = new Activity();
  private @Nullable Channel right;
  private @Nullable Transfers transfers;
  private @Nullable CompletableFuture<Void> stopped;
  private @Nullable SessionFiles files;
  private Set<TransferDirection> announced = Set.of();
  private Set<TransferDirection> over = Set.of();
  private @Nullable TransferReports reports;
  private @Nullable Rescue rescue;

  /** What was to get data that broke off: its peer must not take what it has for all. */
  private @Nullable Channel cutOff;

  private List<Parting> partings = List.of();
  private List<Parting> programInputs = List.of();
  private Duration partingPause = FIRST_PARTING_PAUSE;
  private Set<TransferDirection> coolFailures = Set.of();
  private int running;
  private @Nullable ChildProcess successor;
  private boolean closing;
  private boolean stopping;
  private boolean shortOfDescriptors;
  private boolean ended;
  private @Nullable CompletionStage<Opened> opening;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private boolean openedTold;
  private boolean sharingLeft;
  private boolean cutShort;

  /** Somebody wants the session to end now. */
  private boolean hurried;

  private boolean programWait;
  private int programs;
  private Outcome outcome = Outcome.OK;
  private @Nullable Cancellable timer;
  private @Nullable ActorRef<RelaySupervisor.Command> sharing;

  private RelaySession(ActorContext<SessionCommand> context, SessionPlan plan) {
    this.context = context;
    this.plan = plan;
    this.settings = plan.settings();
    this.log = plan.log();
    if (plan.pause().isZero()) {
      beginAtOnce();
    } else {
      pause(plan.pause(), PauseEnded.AFTER_FORK);
    }
  }

  /** What an actor's constructor throws would leave its connection open. */
  private void beginAtOnce() {
    try {
      greetLeft();
    } catch (RuntimeException e) {
      context.getSelf().tell(new RightFailed(e));
    }
  }

  static Behavior<SessionCommand> create(SessionPlan plan) {
    return Behaviors.setup(context -> new RelaySession(context, plan));
  }

  @Override
  public Behavior<SessionCommand> receive(
      TypedActorContext<SessionCommand> context, SessionCommand message) {
    return message.applyTo(this);
  }

  @Override
  public Behavior<SessionCommand> receiveSignal(
      TypedActorContext<SessionCommand> context, Signal signal) {
    return signal instanceof PostStop ? onPostStop() : Behaviors.unhandled();
  }

  private void pause(Duration time, PauseEnded next) {
    context.scheduleOnce(time, context.getSelf(), next);
  }

  Behavior<SessionCommand> onPauseEnded(PauseEnded message) {
    if (stopping) {
      return this;
    }
    switch (message) {
      case AFTER_FORK -> greetLeft();
      case BEFORE_TRANSFER -> startTransfers();
    }
    return this;
  }

  // --- opening

  /** What the left address has to agree on with its peer comes before the right address. */
  private void greetLeft() {
    watchPrograms(plan.left());
    CompletionStage<? extends Channel> greeting = plan.left().greet(log);
    if (greeting.toCompletableFuture().isDone()) {
      openRight(greeting);
      return;
    }
    plan.turn().pass(); // others do not wait for this peer
    ActorRef<SessionCommand> self = context.getSelf();
    greeting.whenComplete((left, failure) -> self.tell(new LeftGreeted(greeting)));
  }

  Behavior<SessionCommand> onLeftGreeted(LeftGreeted message) {
    if (!stopping) {
      openRight(message.greeting());
    }
    return this;
  }

  private void openRight(CompletionStage<? extends Channel> greeting) {
    greeting.whenComplete(
        (left, failure) -> {
          if (failure == null) {
            openRight();
          } else {
            context.getSelf().tell(new RightFailed(AddressOpener.unwrap(failure)));
          }
        });
  }

  private void openRight() {
    ActorRef<SessionCommand> self = context.getSelf();
    if (plan.right() instanceof SessionPlan.Right.Open open) {
      right = open.channel();
      right
          .greet(log)
          .whenComplete(
              (opened, failure) ->
                  self.tell(
                      failure == null
                          ? new RightOpened(opened)
                          : new RightFailed(AddressOpener.unwrap(failure))));
      return;
    }
    AddressPair address = ((SessionPlan.Right.ToOpen) plan.right()).address();
    opening =
        new AddressOpener(
                settings,
                log,
                plan.poller().poller(),
                plan.runtime(),
                context.getSystem().scheduler(),
                context.getExecutionContext(),
                plan.scope(),
                plan.left(),
                plan.turn(),
                gone)
            .open(address, settings.rightDirection(), plan.left()::environment, true);
    opening.whenComplete(
        (opened, failure) ->
            self.tell(
                opened != null
                    ? new RightOpened(opened)
                    : new RightFailed(AddressOpener.unwrap(failure))));
  }

  Behavior<SessionCommand> onRightOpened(RightOpened message) {
    if (stopping) {
      AddressOpener.discard(message.opened());
      return this;
    }
    opening = null;
    if (plan.right() instanceof SessionPlan.Right.ToOpen side
        && side.address().first().options().isOn(RelayOptions.FORK)) {
      if (!(plan.left() instanceof Endpoint left)) {
        AddressOpener.discard(message.opened());
        outcome = report(OpenFailure.lasting("a stream can't be shared by sessions (option fork)"));
        return finish();
      }
      opened();
      sharingLeft = true;
      ActorRef<SessionCommand> self = context.getSelf();
      sharing =
          context.spawnAnonymous(
              RelaySupervisor.sharing(
                  plan.poller(),
                  left,
                  message.opened(),
                  side.address(),
                  settings,
                  plan.runtime(),
                  log,
                  event -> {
                    if (event instanceof RelayEvent.Ended end) {
                      self.tell(new SharingEnded(end.outcome()));
                    }
                  }),
              plan.poller().dispatcher());
      return this;
    }
    if (message.opened() instanceof Handover handover) {
      return handOver(handover);
    }
    Channel channel = (Channel) message.opened();
    watchPrograms(channel);
    prepareTransfers(channel);
    return this;
  }

  /** The program gets the left address's own descriptors; the session only awaits its end. */
  private Behavior<SessionCommand> handOver(Handover handover) {
    if (!(plan.left() instanceof Endpoint left) || left.isProcessed() || left.isShared()) {
      outcome = report(AddressOpener.noforkNotAllowed());
      return finish();
    }
    ActorRef<SessionCommand> self = context.getSelf();
    handover
        .to(left, plan.runtime().mayReplaceProcess(log.session()))
        .whenComplete(
            (program, failure) ->
                self.tell(
                    program != null
                        ? new HandedOver(program)
                        : new RightFailed(AddressOpener.unwrap(failure))));
    return this;
  }

  Behavior<SessionCommand> onHandedOver(HandedOver message) {
    opened();
    if (plan.left() instanceof Endpoint left) {
      left.handOver();
    }
    successor = message.program();
    if (stopping) {
      successor.signal(TERM);
      return this;
    }
    ActorRef<SessionCommand> self = context.getSelf();
    successor.exit().thenAccept(exit -> self.tell(new SuccessorEnded(exit)));
    return this;
  }

  Behavior<SessionCommand> onSuccessorEnded(SuccessorEnded message) {
    ChildProcess.Exit exit = message.exit();
    successor = null;
    outcome = new Outcome(exit.signalled() ? 128 + exit.code() : exit.code(), false);
    return stopping ? this : finish();
  }

  private void opened() {
    plan.turn().pass();
    if (!openedTold) {
      openedTold = true;
      plan.onOpened().run();
    }
  }

  Behavior<SessionCommand> onRightFailed(RightFailed message) {
    if (message.cause() instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
      if (!shortOfDescriptors) {
        shortOfDescriptors = true;
        log.warning(error.getMessage() + "; waiting for a free descriptor");
      }
      ActorRef<SessionCommand> self = context.getSelf();
      context.scheduleOnce(DESCRIPTOR_RETRY, self, OpenAgain.NOW);
      return this;
    }
    outcome = report(message.cause());
    return finish();
  }

  /** Logs why an address could not be opened; returns what that means for the exit status. */
  private Outcome report(Throwable cause) {
    return OpenReport.log(log, cause, settings.sloppy());
  }

  Behavior<SessionCommand> onOpenAgain() {
    if (!stopping) {
      openRight();
    }
    return this;
  }

  Behavior<SessionCommand> onSharingEnded(SharingEnded message) {
    outcome = message.outcome();
    sharing = null;
    return finish();
  }

  // --- transferring

  private void prepareTransfers(Channel channel) {
    opened();
    right = channel;
    ActorRef<SessionCommand> self = context.getSelf();
    try {
      files = SessionFiles.open(settings, log);
    } catch (OpenFailure e) {
      report(e);
      outcome = Outcome.FAILED;
      self.tell(Stop.NOW);
      return;
    }
    if (settings.describeDescriptors()) {
      describe(channel);
    }
    Duration pause = settings.transferPause();
    if (pause.isZero()) {
      startTransfers();
    } else {
      log.info(
          "before starting data transfer loop: sleeping %ds (env:SOCAT_TRANSFER_WAIT)",
          pause.toSeconds());
      pause(pause, PauseEnded.BEFORE_TRANSFER);
    }
  }

  private void startTransfers() {
    Channel other = Objects.requireNonNull(right);
    ActorRef<SessionCommand> self = context.getSelf();
    if (log.has(Severity.NOTICE)) {
      log.notice(
          "starting data transfer loop with FDs %s and %s",
          plan.left().descriptors(), other.descriptors());
    }
    activity.touch();
    TransferReports told = new TransferReports(self, this::tolerates);
    reports = told;
    Transfers started =
        TransferPlan.start(
            plan.left(),
            other,
            Objects.requireNonNull(files).transferSettings(settings),
            plan.runtime().transferRuntime(plan.poller()),
            activity,
            told);
    transfers = started;
    settings.onTransfer().accept(() -> TransferStart.of(started, plan.left(), other));
    running = transfers.all().size();
    if (running == 0) {
      self.tell(Timeout.PROGRAM);
      return;
    }
    settings.inactivityTimeout().ifPresent(this::checkAfter);
    if (programs > 0) {
      programInputs =
          Stream.of(plan.left(), other)
              .flatMap(side -> parts(side).stream())
              .filter(part -> part.hasProgram() && Parting.isNeeded(part))
              .map(Parting::new)
              .toList();
    }
    for (ChildProcess program : plan.left().children()) {
      drainIfEnded(plan.left(), program);
    }
    for (ChildProcess program : other.children()) {
      drainIfEnded(other, program);
    }
  }

  /** What each descriptor is, once, for option -D. */
  private void describe(Channel other) {
    StringBuilder text = new StringBuilder(DescriptorReport.HEADING).append('\n');
    Stream.of(plan.left(), other)
        .flatMap(side -> parts(side).stream())
        .forEach(
            endpoint ->
                endpoint
                    .numbers()
                    .forEach(fd -> text.append(DescriptorReport.line(fd)).append('\n')));
    try {
      settings.dumps().target().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      log.warning(String.valueOf(e.getMessage()));
    }
  }

  private static List<Endpoint> parts(Channel channel) {
    return channel instanceof Endpoint endpoint ? endpoint.parts() : List.of();
  }

  private void watchPrograms(Channel endpoint) {
    if (endpoint.isShared()) {
      return;
    }
    ActorRef<SessionCommand> self = context.getSelf();
    for (ChildProcess program : endpoint.children()) {
      programs++;
      program.exit().thenAccept(exit -> self.tell(new ProgramEnded(endpoint, program, exit)));
    }
  }

  Behavior<SessionCommand> onProgramEnded(ProgramEnded message) {
    programs--;
    if (stopping) {
      return this;
    }
    log.notice("childdied(): handling signal 17");
    ChildProcess.Exit exit = message.exit();
    String text = "waitpid(): child " + message.program().pid() + " " + exit;
    if (exit.isFailure()) {
      log.warning(text);
      programFailed(message.channel());
    } else {
      log.info("%s", text);
    }
    if (programWait) {
      return programs > 0 ? this : finish();
    }
    drainIfEnded(message.channel(), message.program());
    return this;
  }

  private void drainIfEnded(Channel endpoint, ChildProcess program) {
    if (transfers == null || program.isAlive()) {
      return;
    }
    TransferDirection outOf =
        endpoint == plan.left() ? TransferDirection.LEFT_TO_RIGHT : TransferDirection.RIGHT_TO_LEFT;
    Transfer transfer = transfers.of(outOf);
    if (transfer != null) {
      transfer.drainThenEnd();
    }
  }

  Behavior<SessionCommand> onEnded(Ended message) {
    if (stopping) {
      return this;
    }
    running--;
    TransferDirection direction = message.direction();
    over = with(over, direction);
    if (rescue != null) {
      return finish();
    }
    TransferEnd end = message.end();
    if (end instanceof TransferEnd.EndOfStream ended) {
      return onEndOfStream(direction, ended);
    } else if (end instanceof TransferEnd.ReadFailed failed) {
      return onReadFailure(direction, failed.error());
    }
    Throwable cause = ((TransferEnd.Broken) end).cause();
    log.error(String.valueOf(cause));
    cutOff = destination(direction);
    outcome = Outcome.FAILED;
    return finish();
  }

  /**
   * A program that was only written to has a second to end by itself, and one whose output has just
   * ended a moment, so that its exit status counts.
   */
  private Behavior<SessionCommand> finishAfterPrograms(boolean oneWay) {
    if (programs == 0) {
      return finish();
    }
    programWait = true;
    waitForPrograms(oneWay ? WRITE_ONLY_PROGRAM_PATIENCE : PROGRAM_PATIENCE);
    return this;
  }

  private void waitForPrograms(Duration patience) {
    context.scheduleOnce(patience, context.getSelf(), Timeout.PROGRAM);
  }

  /** A program that still reads what was written to it is not ended. */
  private Behavior<SessionCommand> onProgramTimeout() {
    programInputs.forEach(Parting::look);
    if (programInputs.stream().anyMatch(this::isStillRead)) {
      waitForPrograms(WRITE_ONLY_PROGRAM_PATIENCE);
      return this;
    }
    return finish();
  }

  private boolean isStillRead(Parting input) {
    return input.unread() > 0 && input.idleNanos() < ROOM_PATIENCE.toNanos();
  }

  /**
   * Of a program that was only written to, and has had all its input, the status does not count.
   */
  private void programFailed(Channel endpoint) {
    boolean readsIt = endpoint == plan.left() ? settings.leftToRight() : settings.rightToLeft();
    boolean swallowed = programWait && !readsIt;
    if (!outcome.error() && !swallowed) {
      outcome = Outcome.PROGRAM_FAILED;
    }
  }

  private Channel destination(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT
        ? Objects.requireNonNull(right)
        : plan.left();
  }

  private Channel source(TransferDirection direction) {
    return destination(direction.opposite());
  }

  /** Whether a direction whose write failed reads on, with {@code -s} or {@code cool-write}. */
  private boolean tolerates(TransferDirection direction, NativeError error) {
    return settings.sloppy() || isCool(direction, error);
  }

  private boolean isCool(TransferDirection direction, NativeError error) {
    return destination(direction).dataOptions().coolWrite() && Errno.isPeerGone(error.errno());
  }

  Behavior<SessionCommand> onSourceEnded(SourceEnded message) {
    if (!stopping) {
      announceEnd(message.direction());
      announced = with(announced, message.direction());
    }
    return this;
  }

  /** Most sessions need no set of their own. */
  private static Set<TransferDirection> with(
      Set<TransferDirection> before, TransferDirection added) {
    Set<TransferDirection> now = EnumSet.of(added);
    now.addAll(before);
    return now;
  }

  private void announceEnd(TransferDirection direction) {
    log.notice("socket %d (fd %s) is at EOF", direction.source(), source(direction).sourceName());
  }

  private Behavior<SessionCommand> onEndOfStream(
      TransferDirection direction, TransferEnd.EndOfStream ended) {
    if (!announced.contains(direction)) {
      announceEnd(direction);
    }
    NativeError error = ended.halfCloseError();
    boolean isDatagramLost =
        error != null
            && destination(direction) instanceof Endpoint endpoint
            && endpoint.halfClose() == HalfClose.EMPTY_DATAGRAM;
    if (!isDatagramLost) {
      logHalfClose(error);
      return closeOrFinish(direction);
    }
    log.error(Objects.requireNonNull(error).getMessage());
    outcome = settings.sloppy() ? outcome : Outcome.FAILED;
    return settings.sloppy() ? closeOrFinish(direction) : finish();
  }

  private void logHalfClose(@Nullable NativeError error) {
    if (error != null) {
      log.info("%s", error.getMessage());
    }
  }

  /** A direction is over: the other one has {@code -t} from now on, if there is one. */
  private Behavior<SessionCommand> closeOrFinish(TransferDirection direction) {
    Transfer other = transfers == null ? null : transfers.of(direction.opposite());
    if (running == 0 || other == null) {
      return finishAfterPrograms(other == null);
    }
    closing = true;
    other.closing();
    checkAfter(settings.halfCloseTimeout());
    return this;
  }

  /** With {@code -s} a source that can't be read is at its end. */
  private Behavior<SessionCommand> onReadFailure(TransferDirection direction, NativeError error) {
    log.error(error.getMessage());
    if (!settings.sloppy()) {
      outcome = Outcome.FAILED;
      return finish();
    }
    announceError(direction);
    announceEnd(direction);
    if (destination(direction) instanceof Endpoint endpoint) {
      logHalfClose(endpoint.endOutput());
    }
    return closeOrFinish(direction);
  }

  Behavior<SessionCommand> onWriteFailed(WriteFailed message) {
    TransferDirection direction = message.direction();
    if (coolFailures.contains(direction)) {
      reportLoss(direction, message.lost());
      return this;
    }
    if (isCool(direction, message.error())) {
      coolFailures = with(coolFailures, direction);
      log.notice("%s", message.error().getMessage());
    } else if (!stopping) {
      log.error(message.error().getMessage());
    }
    reportLoss(direction, message.lost());
    if (stopping) {
      return this;
    }
    if (!message.goesOn()) {
      outcome = Outcome.FAILED;
      over = with(over, direction);
      return rescue(direction.opposite());
    }
    announceError(direction);
    return closeOrFinish(direction);
  }

  /**
   * A direction that moves what its source had sent before it went away.
   *
   * @param limit bytes after which it has moved all of that
   */
  private record Rescue(Transfer transfer, long limit) {
    boolean isDone() {
      return transfer.bytes() >= limit;
    }
  }

  /**
   * Writing to a peer has failed. What it had sent before, and lies ready to be read, is still
   * delivered; then the session ends.
   */
  private Behavior<SessionCommand> rescue(TransferDirection direction) {
    Transfer transfer = transfers == null ? null : transfers.of(direction);
    FdReader reader = source(direction) instanceof Endpoint endpoint ? endpoint.reader() : null;
    if (transfer == null || reader == null || rescue != null || over.contains(direction)) {
      return finish();
    }
    rescue = new Rescue(transfer, transfer.bytes() + LibC.readable(reader.fd().number()));
    transfer.drainThenEnd();
    checkAfter(RESCUE_PAUSE);
    return this;
  }

  /** The peer still has what is rescued to take, unless it has taken nothing for too long. */
  private Behavior<SessionCommand> onRescueChecked(Rescue checked) {
    if (activity.idleNanos() > ROOM_PATIENCE.toNanos()
        || (checked.isDone() && !checked.transfer().waitsForRoom())) {
      return finish();
    }
    checkAfter(RESCUE_PAUSE);
    return this;
  }

  private void reportLoss(TransferDirection direction, long bytes) {
    if (bytes > 0) {
      log.info("%d bytes read from socket %d were not written", bytes, direction.source());
    }
  }

  private void announceError(TransferDirection direction) {
    log.notice("socket %d to socket %d is in error", direction.source(), direction.destination());
  }

  // --- time

  private void checkAfter(Duration time) {
    if (timer != null) {
      timer.cancel();
    }
    timer = context.scheduleOnce(Delays.schedulable(time), context.getSelf(), Timeout.CHECK);
  }

  Behavior<SessionCommand> onTimeout(Timeout message) {
    if (stopping) {
      return this;
    }
    if (message == Timeout.PROGRAM) {
      return onProgramTimeout();
    }
    if (rescue != null) {
      return onRescueChecked(rescue);
    }
    if (closing && outputIsTaken()) {
      checkAfter(settings.halfCloseTimeout().plus(LONGEST_PARTING_PAUSE));
      return this;
    }
    Optional<Duration> limit =
        closing ? Optional.of(settings.halfCloseTimeout()) : settings.inactivityTimeout();
    if (limit.isEmpty()) {
      return this;
    }
    long left = limit.get().toNanos() - idleNanos();
    if (left > 0) {
      checkAfter(Duration.ofNanos(left));
      return this;
    }
    if (settings.inactivityTimeout().isPresent()) {
      log.notice("inactivity timeout triggered");
    }
    return finish();
  }

  /**
   * Whether bytes wait for a slow reader that has taken some lately. The time of option -t does not
   * count meanwhile: socat would be in write(2).
   */
  private boolean outputIsTaken() {
    programInputs.forEach(Parting::look);
    boolean waits =
        (transfers != null && transfers.all().stream().anyMatch(Transfer::waitsForRoom))
            || programInputs.stream().anyMatch(input -> input.unread() > 0);
    return waits && idleNanos() < ROOM_PATIENCE.toNanos();
  }

  /** Time since something moved; since a program read something, while the session ends. */
  private long idleNanos() {
    long idle = activity.idleNanos();
    if (closing) {
      for (Parting input : programInputs) {
        idle = Math.min(idle, input.idleNanos());
      }
    }
    return idle;
  }

  // --- the end

  Behavior<SessionCommand> onStop() {
    hurried = true;
    cutShort |= !stopping && !outcome.error();
    return stopping ? this : finish();
  }

  /** Stops the transfers; the endpoints are closed when nobody uses them any more. */
  private Behavior<SessionCommand> finish() {
    stopping = true;
    if (timer != null) {
      timer.cancel();
    }
    if (sharing != null) {
      sharing.tell(RelaySupervisor.Stop.NOW);
      return this;
    }
    if (successor != null) {
      successor.signal(TERM);
    }
    if (transfers == null) {
      return Behaviors.stopped();
    }
    ActorRef<SessionCommand> self = context.getSelf();
    CompletableFuture<Void> still = stopTransfers(transfers);
    if (still.isDone()) {
      return onQuiescent(Quiescent.NOW);
    }
    still.thenRun(() -> self.tell(Quiescent.NOW));
    timer = context.scheduleOnce(STOP_PATIENCE, self, Quiescent.GIVEN_UP);
    return this;
  }

  /** Stops them, if that was not done yet; completes once they use no descriptor any more. */
  private CompletableFuture<Void> stopTransfers(Transfers started) {
    if (stopped == null) {
      CompletableFuture<Void> still = new CompletableFuture<>();
      stopped = still;
      if (started.stop(() -> still.complete(null))) {
        still.complete(null);
      }
    }
    return stopped;
  }

  Behavior<SessionCommand> onQuiescent(Quiescent message) {
    if (timer != null) {
      timer.cancel();
    }
    if (message == Quiescent.GIVEN_UP) {
      return Behaviors.stopped();
    }
    addPartings(plan.left(), TransferDirection.LEFT_TO_RIGHT);
    addPartings(Objects.requireNonNull(right), TransferDirection.RIGHT_TO_LEFT);
    return partings.isEmpty() ? Behaviors.stopped() : onPartOn();
  }

  /** A peer whose end of data has come sends nothing more that could be left unread. */
  private void addPartings(Channel channel, TransferDirection outOf) {
    for (Endpoint part : parts(channel)) {
      boolean heardAll =
          over.contains(outOf) && part.halfClose() != HalfClose.FAREWELL && !part.hasProgram();
      if (!heardAll && channel != cutOff && Parting.isNeeded(part)) {
        if (partings.isEmpty()) {
          partings = new ArrayList<>(2); // most sessions need none
        }
        partings.add(new Parting(part));
      }
    }
  }

  /** Ends when each peer has taken everything, or has taken nothing for too long. */
  Behavior<SessionCommand> onPartOn() {
    Duration patience = hurried ? STOP_PATIENCE : ROOM_PATIENCE;
    partings.removeIf(parting -> parting.step());
    if (partings.stream().allMatch(parting -> parting.idleNanos() > patience.toNanos())) {
      return Behaviors.stopped();
    }
    context.scheduleOnce(partingPause, context.getSelf(), PartOn.NOW);
    partingPause =
        partingPause.compareTo(LONGEST_PARTING_PAUSE) < 0
            ? partingPause.multipliedBy(2)
            : LONGEST_PARTING_PAUSE;
    return this;
  }

  /**
   * On any way out, also when this actor failed: what it holds is closed, and its supervisor hears
   * of the end.
   */
  private Behavior<SessionCommand> onPostStop() {
    gone.complete(null);
    if (opening != null) {
      opening.thenAccept(AddressOpener::discard);
    }
    closeEndpoints();
    if (files != null) {
      files.close();
    }
    if (!ended) {
      ended = true;
      opened();
      if (!stopping) {
        outcome = Outcome.FAILED;
      }
      warnOfLoss();
      if (!sharingLeft && !cutShort) {
        outcome.announce(log);
      }
      if (!sharingLeft && settings.statistics()) {
        reportStatistics();
      }
      plan.onEnd()
          .accept(
              new Result(
                  outcome,
                  moved(TransferDirection.LEFT_TO_RIGHT),
                  moved(TransferDirection.RIGHT_TO_LEFT)));
    }
    return this;
  }

  /** What the end of the session has cut off is told, and makes the session a failed one. */
  private void warnOfLoss() {
    for (TransferDirection direction : TransferDirection.values()) {
      long lost = reports == null ? 0 : reports.lost(direction);
      if (lost > 0) {
        log.warning(lost + " bytes read from socket " + direction.source() + " were not written");
        outcome = outcome.error() ? outcome : Outcome.FAILED;
      }
    }
    long unread = partings.stream().mapToLong(Parting::unread).sum();
    if (unread > 0) {
      log.warning(unread + " bytes were not read by the program that they were written to");
      outcome = outcome.error() ? outcome : Outcome.FAILED;
    }
  }

  private long moved(TransferDirection direction) {
    Transfer transfer = transfers == null ? null : transfers.of(direction);
    return transfer == null ? 0 : transfer.bytes();
  }

  /** A transfer that does not stop, because a call of it blocks, keeps its numbers meanwhile. */
  private void closeEndpoints() {
    List<Channel> channels = right == null ? List.of(plan.left()) : List.of(plan.left(), right);
    if (transfers != null) {
      CompletableFuture<Void> still = stopTransfers(transfers);
      if (!still.isDone()) {
        for (Channel channel : channels) {
          if (channel instanceof Endpoint endpoint) {
            still.thenRun(endpoint.holdNumbers());
          }
        }
      }
    }
    channels.forEach(this::close);
  }

  private void close(Channel endpoint) {
    try {
      if (endpoint == cutOff) {
        endpoint.abort();
      } else if (outcome.error()) {
        endpoint.abandon();
      } else {
        endpoint.close();
      }
    } catch (RuntimeException e) {
      log.error("closing failed: " + e);
    }
  }

  // --- statistics

  Behavior<SessionCommand> onReport(Report message) {
    if (sharing != null) {
      sharing.tell(new RelaySupervisor.ReportStatistics(message.done()));
    } else {
      reportStatistics();
      message.done().run();
    }
    return this;
  }

  private void reportStatistics() {
    SessionStatistics.log(log, transfers);
  }
}
