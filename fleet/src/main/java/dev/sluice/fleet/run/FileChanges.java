package dev.sluice.fleet.run;

import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.LastGoodFile;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.Problem;
import dev.sluice.fleet.run.FleetRunner.Change;
import dev.sluice.log.RelayLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes a fleet from what it runs to what its file says, or plans that. Reads files, so most
 * methods block. Thread-safe.
 */
final class FileChanges {
  private final FleetRunner runner;
  private final FleetReader reader;
  private final Path file;
  private final ReadyWait ready;
  private final RelayLog log = RelayLog.ofProcess();
  private volatile Runnable reloading = () -> {};
  private volatile Runnable reloaded = () -> {};

  FileChanges(FleetRunner runner, FleetReader reader, Path file) {
    this.runner = runner;
    this.reader = reader;
    this.file = file;
    this.ready = new ReadyWait(runner.system(), runner::status);
  }

  /** Says who is told when the file is read again, and when that is done; must not block. */
  void onReload(Runnable begins, Runnable done) {
    reloading = begins;
    reloaded = done;
  }

  /** Reads the file again and has what it says run; all of it or nothing. */
  CompletionStage<Change> reload(Optional<Long> against) {
    reloading.run();
    return changed(against).whenComplete((change, failure) -> reloaded.run());
  }

  private CompletionStage<Change> changed(Optional<Long> against) {
    FleetReader.Result read = reader.read(file);
    if (read.fleet().isEmpty()) {
      read.problems().forEach(problem -> log.error(problem.toString()));
      log.error("fleet " + file + ": nothing was changed");
      return runner
          .running()
          .thenApply(now -> new Change(Optional.empty(), read.problems(), now.version()));
    }
    Fleet wanted = read.fleet().get();
    FleetCluster joined = runner.cluster().orElse(null);
    if (joined == null) {
      return applied(wanted, against).thenApply(change -> remembered(change, read.whole()));
    }
    return runner
        .running()
        .thenCompose(
            now ->
                against.filter(version -> version != now.version()).isPresent()
                    ? CompletableFuture.completedStage(refused(List.of(), now.version()))
                    : joined
                        .publish(read.shared())
                        .thenCompose(
                            verdict ->
                                verdict.refusal() == null
                                    ? applied(wanted, Optional.empty())
                                    : CompletableFuture.completedStage(
                                        refused(problem(verdict.refusal()), now.version()))));
  }

  /** A change that was not made. */
  private static Change refused(List<Problem> problems, long version) {
    return new Change(Optional.empty(), problems, version);
  }

  /** A problem of the whole file. */
  private List<Problem> problem(String text) {
    return List.of(new Problem(new Origin(file.toString(), 0), text));
  }

  /** A change that was made, or was none, is what the next start falls back on. */
  private Change remembered(Change change, String whole) {
    if (change.plan().isPresent()) {
      remember(whole);
    }
    return change;
  }

  /**
   * Keeps what runs now, for a start at which the file is wrong; blocks.
   *
   * @param whole as {@link FleetReader.Result#whole}; empty for a fleet that keeps nothing
   */
  void remember(String whole) {
    if (whole.isEmpty()) {
      return;
    }
    LastGoodFile last = LastGoodFile.of(file, System.getenv());
    try {
      last.write(whole);
    } catch (IOException e) {
      log.warning("what runs can't be kept for a start with a wrong file: " + e);
    }
  }

  private CompletionStage<Change> applied(Fleet wanted, Optional<Long> against) {
    return runner
        .apply(wanted, against)
        .thenApply(done -> new Change(done.plan(), List.of(), done.version()));
  }

  /**
   * The same, and waits until what was changed is up.
   *
   * @param wait how long to wait; empty not to
   * @param rollback whether to undo the change when not all is up by then
   */
  CompletionStage<Change> reload(
      Optional<Long> against, Optional<Duration> wait, boolean rollback) {
    if (rollback && runner.cluster().isPresent()) {
      return runner
          .running()
          .thenApply(
              now ->
                  refused(
                      problem("a change of all nodes of a cluster can't be rolled back by one"),
                      now.version()));
    }
    return runner
        .running()
        .thenCompose(
            before ->
                reload(against)
                    .thenCompose(change -> waited(change, wait))
                    .thenCompose(
                        now ->
                            rollback
                                ? undone(now, before.fleet())
                                : CompletableFuture.completedStage(now)));
  }

  private CompletionStage<Change> waited(Change change, Optional<Duration> wait) {
    if (change.plan().isEmpty() || wait.isEmpty()) {
      return CompletableFuture.completedStage(change);
    }
    return ready
        .of(change.plan().get(), wait.get())
        .thenApply(
            seen -> new Change(change.plan(), List.of(), seen.version(), seen.missing(), false));
  }

  private CompletionStage<Change> undone(Change change, Fleet before) {
    if (change.notReady().isEmpty()) {
      return CompletableFuture.completedStage(change);
    }
    return runner
        .apply(before, Optional.of(change.version()))
        .thenApply(
            applied ->
                new Change(
                    change.plan(),
                    List.of(),
                    applied.version(),
                    change.notReady(),
                    applied.plan().isPresent()));
  }

  /** What {@link #reload} would do if the file had that text; blocks. */
  CompletionStage<Change> plan(String text) throws IOException {
    Path draft = new FleetFile(file).draft(text);
    try {
      return planned(read(draft));
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * Gives the file another text and has it run; a text with a problem changes nothing. Blocks.
   *
   * @param against the version that the change was planned against, if any
   */
  CompletionStage<Change> replace(String text, Optional<Long> against) throws IOException {
    Path draft = new FleetFile(file).draft(text);
    try {
      FleetReader.Result read = read(draft);
      if (read.fleet().isEmpty()) {
        return planned(read);
      }
      return runner
          .running()
          .thenCompose(
              now -> {
                if (against.isPresent() && against.get() != now.version()) {
                  return CompletableFuture.completedStage(refused(List.of(), now.version()));
                }
                try {
                  new FleetFile(file).replace(draft);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
                return reload(Optional.empty());
              })
          .whenComplete((change, failure) -> FleetFile.delete(draft));
    } catch (RuntimeException e) {
      FleetFile.delete(draft);
      throw e;
    }
  }

  /** Reads a draft; problems are told of the file that it is a draft of. */
  private FleetReader.Result read(Path draft) {
    FleetReader.Result read = reader.read(draft);
    return new FleetReader.Result(
        read.fleet(),
        read.problems().stream()
            .map(one -> one.origin().file().equals(draft.toString()) ? ofFile(one) : one)
            .toList(),
        read.shared(),
        read.whole());
  }

  private Problem ofFile(Problem problem) {
    return new Problem(new Origin(file.toString(), problem.origin().line()), problem.message());
  }

  /** What {@link #reload} would do. */
  CompletionStage<Change> plan() {
    return planned(reader.read(file));
  }

  private CompletionStage<Change> planned(FleetReader.Result read) {
    return runner
        .running()
        .thenCombine(
            runner.status(),
            (now, status) ->
                new Change(
                    read.fleet()
                        .map(wanted -> FleetPlan.between(now.fleet(), runner.prepared(wanted))),
                    read.problems(),
                    now.version(),
                    List.of(),
                    false,
                    status.byHand()));
  }
}
