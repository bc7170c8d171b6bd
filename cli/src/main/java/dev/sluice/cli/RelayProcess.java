package dev.sluice.cli;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.catalog.SharedRights;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.RestartPolicy;
import dev.sluice.os.ForwardedSignals;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.Orphans;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.ProcessRights;
import dev.sluice.os.Undo;
import dev.sluice.relay.LockFile;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.RelayCommand;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayRuntime;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.RelaySupervisor;
import dev.sluice.relay.RelayWatcher;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A process that runs one relay: actor system, signals, lock file, exit status. */
final class RelayProcess {
  /** Whether this run is made for what the JVM writes at its end: the class archive. */
  static final boolean IS_TRAINING = Boolean.getBoolean("sluice.jvm-exit");

  /** An internal error: sysexits(3head). */
  private static final int EX_SOFTWARE = 70;

  private static final long PATIENCE_SECONDS = 2;

  private final CommandLine.Run run;
  private final AddressPair left;
  private final AddressPair right;
  private final StartingActors actors;
  private final RelayLog log;
  private final Logging.LineAppender appender;
  private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
  private final AtomicBoolean signalled = new AtomicBoolean();
  private @Nullable LockFile lock;
  private volatile Optional<SharedRights> rights = Optional.empty();
  private volatile @Nullable ActorRef<RelayCommand> supervisor;
  private volatile boolean transferred;

  RelayProcess(
      CommandLine.Run run,
      AddressPair left,
      AddressPair right,
      StartingActors actors,
      RelayLog log,
      Logging.LineAppender appender) {
    this.run = run;
    this.left = left;
    this.right = right;
    this.actors = actors;
    this.log = log;
    this.appender = appender;
  }

  /**
   * Runs to the end, which is also the end of the process; returns the exit status when it never
   * began.
   */
  int run() {
    Thread native_ = new Thread(LibC::load, "load-native");
    native_.start();
    Thread.setDefaultUncaughtExceptionHandler(RelayProcess::onUncaught);
    announce();
    returnToFolder(native_);
    takeSignals(native_); // before anything is made that a signal must remove
    Orphans.reapIfFirst();
    try {
      takeLock();
    } catch (OpenFailure | NativeError e) {
      log.error(String.valueOf(e.getMessage()));
      log.notice("exit(1)");
      reportStatistics();
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
    rights = sharedRights();
    ActorSystem<Void> system = actors.system();
    supervisor = system.systemActorOf(relay(system), "relay", Props.empty());
    appender.transferStarts();
    int status = ended.join().status();
    run.progress().ended();
    if (signalled.get()) {
      waitForSignalHandler();
    }
    releaseLock();
    reportStatistics();
    if (IS_TRAINING) {
      Training.run(system);
    }
    end(status);
    return status;
  }

  /**
   * What nobody has caught. An exception concerns one session. After an Error the process can't be
   * trusted to serve anybody: it ends, so that its supervisor starts another.
   */
  static void onUncaught(Thread thread, Throwable failure) {
    try {
      RelayLog.ofProcess()
          .error(
              Main.isOutOfThreads(failure)
                  ? Main.OUT_OF_THREADS
                  : "thread " + thread.getName() + ": " + withStack(failure));
    } finally {
      if (failure instanceof Error) {
        end(EX_SOFTWARE);
      }
    }
  }

  private static String withStack(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** The folder of the caller, where the launcher could not start the JVM: it has been deleted. */
  static void returnToFolder(Thread native_) {
    Integer folder = Integer.getInteger("sluice.folder");
    if (folder != null) {
      awaitNative(native_);
      ProcessCalls.chdir("/proc/self/fd/" + folder);
    }
  }

  private static void awaitNative(Thread native_) {
    try {
      native_.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void takeSignals(Thread native_) {
    awaitNative(native_);
    Signals.install(run.signalMask(), this::onSignal, this::onReport);
  }

  /** At the end of a process that has left all transfers to sessions, or never came to any. */
  private void reportStatistics() {
    if (run.settings().statistics() && (!transferred || forks(left) || forks(right))) {
      RelaySupervisor.reportNoStatistics(log);
    }
  }

  static boolean forks(AddressPair address) {
    return address.first().options().isOn(RelayOptions.FORK);
  }

  private void announce() {
    if (log.has(Severity.INFO)) {
      log.info("%s", HelpText.TITLE);
      OpenSettings open = run.settings().open();
      log.info("default listen IP version is %d", open.listenFamily());
      log.info("preferred resolve IP version is %d", open.resolveFamily());
    }
  }

  private Behavior<RelayCommand> relay(ActorSystem<Void> running) {
    RelayRuntime runtime =
        new RelayRuntime(
            running,
            run.settings().open().blockSize(),
            Math.max(1, Runtime.getRuntime().availableProcessors()));
    return RelaySupervisor.relay(
        left, right, run.settings(), runtime.ownProcess(), log, new Watcher());
  }

  private final class Watcher implements RelayWatcher {
    @Override
    public void happened(RelayEvent event) {
      if (event instanceof RelayEvent.Ended end) {
        ended.complete(end.outcome());
      } else if (event instanceof RelayEvent.SessionStarted) {
        transferred = true;
      } else if (event instanceof RelayEvent.Listening) {
        giveUpRights(); // before anybody is let in
      }
    }

    @Override
    public boolean followsSessions() {
      return false;
    }
  }

  /** What its sessions have anyway, and the process needs no more than that until its end. */
  private Optional<SharedRights> sharedRights() {
    RelaySettings settings = run.settings();
    boolean isEnough =
        ProcessRights.user() == 0
            && settings.dumps().leftFile().isEmpty()
            && settings.dumps().rightFile().isEmpty()
            && settings.restart(left.first().options()).when() == RestartPolicy.When.NEVER;
    return isEnough ? SharedRights.of(left, right) : Optional.empty();
  }

  private void giveUpRights() {
    if (rights.isEmpty() || Undo.isPending()) {
      return;
    }
    try {
      rights.get().take();
      log.info("%s", "the process has the user and groups of its sessions from now on");
    } catch (NativeError e) {
      log.warning("the process keeps its rights: " + e.getMessage());
    }
  }

  private void takeLock() throws InterruptedException {
    if (run.lockFile().isPresent()) {
      String path = run.lockFile().get();
      lock = run.waitForLock() ? LockFile.waitFor(path, log) : LockFile.take(path, log);
    }
  }

  private void releaseLock() {
    if (lock != null) {
      lock.release();
    }
  }

  /**
   * Ends the process, for good and without delay; the JVM's own way out is kept for what it writes
   * at its end (class archives).
   */
  static void end(int status) {
    Undo.allThen(
        () -> {
          RelayLog.flush();
          if (IS_TRAINING) {
            Runtime.getRuntime().halt(status);
          }
          ProcessCalls.exit(status);
        });
  }

  private void onReport() {
    log.notice("socat_signal_logstats(): handling signal 10");
    ActorRef<RelayCommand> running = supervisor;
    if (running == null) {
      RelaySupervisor.reportNoStatistics(log);
    } else {
      CompletionStage<Done> reported =
          AskPattern.ask(
              running,
              RelayCommand.ReportStatistics::new,
              Duration.ofSeconds(PATIENCE_SECONDS),
              actors.system().scheduler());
      await(reported.toCompletableFuture());
    }
    log.notice("socat_signal_logstats(): finishing signal 10");
  }

  /** The handler ends the process, with its own status. */
  private static void waitForSignalHandler() {
    while (true) {
      java.util.concurrent.locks.LockSupport.park();
    }
  }

  private void onSignal(int number) {
    if (ForwardedSignals.pass(number)) {
      log.notice("socatsignalpass(sig=%d)", number);
      return;
    }
    signalled.set(true);
    log.notice("socat_signal(): handling signal %d", number);
    String text = "exiting on signal " + number;
    switch (number) {
      case 15 -> log.warning(text);
      case 1, 2 -> log.notice("%s", text);
      default -> log.error(text);
    }
    stopAll();
    run.progress().ended();
    releaseLock();
    log.notice("socat_signal(): finishing signal %d", number);
    log.notice("exit(%d)", 128 + number);
    reportStatistics();
    end(128 + number);
  }

  /**
   * Ends the sessions, so that what must be removed is removed; a session that can't end is left to
   * the kernel.
   */
  private void stopAll() {
    ActorRef<RelayCommand> running = supervisor;
    if (running != null) {
      running.tell(RelayCommand.Stop.NOW);
      await(ended);
    }
  }

  private void await(CompletableFuture<?> done) {
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.debug("%s", "sessions did not answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
