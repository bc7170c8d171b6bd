package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import dev.sluice.catalog.Address;
import dev.sluice.fault.Fault;
import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.file.SnapshotFile;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.Problem;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetProtocol.Applied;
import dev.sluice.fleet.run.FleetProtocol.Apply;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.GetFleet;
import dev.sluice.fleet.run.FleetProtocol.GetStatus;
import dev.sluice.fleet.run.FleetProtocol.Place;
import dev.sluice.fleet.run.FleetProtocol.Restore;
import dev.sluice.fleet.run.FleetProtocol.Running;
import dev.sluice.fleet.run.FleetProtocol.Shutdown;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.relay.RelayRuntime;
import dev.sluice.spec.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fleet that runs from a file: what signals and the API ask of it. Thread-safe; {@link #reload}
 * and {@link #plan} read files, so they block.
 */
public final class FleetRunner implements LocalFleet {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorSystem<?> system;
  private final FleetReader reader;
  private final RelayReader addresses;
  private final Path file;
  private final ActorRef<Command> supervisor;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final RelayLog log = RelayLog.ofProcess();
  private volatile @Nullable SnapshotKeeper snapshots;
  private final Gate gate = new Gate();
  private final FileChanges changes;
  private volatile @Nullable FleetCluster cluster;

  /** Starts an empty fleet; {@code events} is told what happens, on the supervisor's thread. */
  public FleetRunner(
      ActorSystem<?> system,
      RelayReader relays,
      Pools pools,
      FleetReader reader,
      Path file,
      Consumer<FleetEvent> events) {
    this.system = system;
    this.reader = reader;
    this.addresses = relays;
    this.file = file;
    this.changes = new FileChanges(this, reader, file);
    this.supervisor =
        system.systemActorOf(
            FleetSupervisor.create(relays, pools, RelayRuntime.of(system), events, gate),
            "fleet",
            Props.empty());
    EndWatch.start(system, supervisor, ended);
  }

  /**
   * What became of a change.
   *
   * @param plan what was, or would be, changed; empty when the file is wrong or the world has moved
   * @param problems what is wrong with the file
   * @param version of the fleet that runs
   * @param notReady changed relays that did not come up in the time that was given
   * @param rolledBack whether the change was undone because of them
   * @param byHand what was done by hand and stays, a line each
   */
  public record Change(
      Optional<FleetPlan> plan,
      List<Problem> problems,
      long version,
      List<String> notReady,
      boolean rolledBack,
      List<String> byHand) {
    Change(
        Optional<FleetPlan> plan,
        List<Problem> problems,
        long version,
        List<String> notReady,
        boolean rolledBack) {
      this(plan, problems, version, notReady, rolledBack, List.of());
    }

    Change(Optional<FleetPlan> plan, List<Problem> problems, long version) {
      this(plan, problems, version, List.of(), false);
    }
  }

  /** The actor, for who asks more. */
  public ActorRef<Command> supervisor() {
    return supervisor;
  }

  public ActorSystem<?> system() {
    return system;
  }

  /** Has a fleet that was read already run. */
  public CompletionStage<Applied> apply(Fleet fleet, Optional<Long> against) {
    Fleet prepared = prepared(fleet);
    return AskPattern.<Command, Applied>ask(
            supervisor,
            replyTo -> new Apply(prepared, file.toString(), against, replyTo),
            PATIENCE,
            system.scheduler())
        .whenComplete(
            (applied, failure) -> {
              if (applied != null) {
                applied
                    .plan()
                    .ifPresent(
                        plan -> {
                          log.always(
                              Severity.NOTICE, "fleet " + file + ": applied " + plan.summary());
                          FleetCluster joined = cluster;
                          if (joined != null) {
                            joined.running(fleet);
                          }
                        });
              }
            });
  }

  /** Says who is told when the file is read again, and when that is done; must not block. */
  public void onReload(Runnable begins, Runnable done) {
    changes.onReload(begins, done);
  }

  /** Reads the file again and has what it says run; all of it or nothing. */
  public CompletionStage<Change> reload(Optional<Long> against) {
    return changes.reload(against);
  }

  /**
   * The same, and waits until what was changed is up.
   *
   * @param wait how long to wait; empty not to
   * @param rollback whether to undo the change when not all is up by then
   */
  public CompletionStage<Change> reload(
      Optional<Long> against, Optional<Duration> wait, boolean rollback) {
    return changes.reload(against, wait, rollback);
  }

  /**
   * Keeps what runs now, for a start at which the file is wrong; blocks.
   *
   * @param whole as {@link FleetReader.Result#whole}; empty for a fleet that keeps nothing
   */
  public void remember(String whole) {
    changes.remember(whole);
  }

  /** What {@link #reload} would do. */
  public CompletionStage<Change> plan() {
    return changes.plan();
  }

  /** What {@link #reload} would do if the file had that text; blocks. */
  public CompletionStage<Change> plan(String text) throws IOException {
    return changes.plan(text);
  }

  /**
   * Gives the file another text and has it run; a text with a problem changes nothing. Blocks.
   *
   * @param against the version that the change was planned against, if any
   */
  public CompletionStage<Change> replace(String text, Optional<Long> against) throws IOException {
    return changes.replace(text, against);
  }

  // --- in a cluster

  /**
   * Makes the fleet part of a cluster: what only one node may run starts when the cluster says so.
   * To be called before the first {@link #apply}.
   */
  public void joins(FleetCluster joined) {
    cluster = joined;
    gate.set(joined::mayServe);
    addresses.route(joined::route);
    place(Set.of(), alive -> {});
  }

  /** The cluster that the fleet is part of. */
  public Optional<FleetCluster> cluster() {
    return Optional.ofNullable(cluster);
  }

  /** The fleet as this node of a cluster runs it. */
  Fleet prepared(Fleet fleet) {
    FleetCluster joined = cluster;
    return joined == null ? fleet : joined.prepared(fleet);
  }

  @Override
  public void place(Set<String> here, Consumer<Set<String>> lingering) {
    supervisor.tell(new Place(here, lingering));
  }

  @Override
  public Address address(String text) {
    return addresses.address(text);
  }

  @Override
  public CompletionStage<Map<String, String>> states() {
    return status()
        .thenApply(
            fleet -> {
              Map<String, String> states = new TreeMap<>();
              for (FleetStatus.RelayStatus relay : fleet.relays()) {
                if (relay.state() != RelayState.ELSEWHERE) {
                  states.put(
                      relay.definition().name(),
                      relay.state().text() + (relay.isFailing() ? ": " + relay.why() : ""));
                }
              }
              return states;
            });
  }

  @Override
  public CompletionStage<List<Problem>> take(String shared, String origin) {
    return running()
        .thenCompose(
            now -> {
              FleetReader.Result read = reader.readShared(shared, origin, now.fleet());
              if (read.fleet().isEmpty()) {
                read.problems().forEach(problem -> log.error(problem.toString()));
                return CompletableFuture.completedStage(read.problems());
              }
              return apply(read.fleet().get(), Optional.empty()).thenApply(applied -> List.of());
            });
  }

  /** The file's text; its methods block. */
  public FleetFile file() {
    return new FleetFile(file);
  }

  /** What runs. */
  public CompletionStage<Running> running() {
    return AskPattern.ask(supervisor, GetFleet::new, PATIENCE, system.scheduler());
  }

  /** How everything is. */
  public CompletionStage<FleetStatus> status() {
    return AskPattern.ask(supervisor, GetStatus::new, PATIENCE, system.scheduler());
  }

  /**
   * Keeps what the file does not say in a snapshot from now on; what it holds is taken over. To be
   * called before the first {@link #apply}.
   */
  public void keep(SnapshotFile file, FleetSnapshot before, Duration every) {
    supervisor.tell(new Restore(before));
    snapshots = new SnapshotKeeper(system, supervisor, file);
    snapshots.start(every);
  }

  /** Completed when what was done by hand until now is kept, or can't be, which was logged. */
  public CompletionStage<Void> kept() {
    SnapshotKeeper keeper = snapshots;
    return keeper == null ? CompletableFuture.completedStage(null) : keeper.write();
  }

  /** What is wrong with a fault for a relay of the fleet; empty when nothing is. */
  public List<String> misfits(Fleet fleet, String name, List<Fault> faults) {
    List<String> problems = new ArrayList<>();
    RelayDefinition relay = fleet.relays().get(name);
    RelayReader.Understood understood =
        relay == null ? null : addresses.read(relay, fleet.secrets(), text -> {});
    if (understood != null) {
      Problems all = new Problems();
      understood.left().fits(understood.right(), faults, all);
      problems.addAll(all.messages());
    }
    return problems;
  }

  /** Lets the sessions end, or ends them, then the fleet. */
  public void shutDown(Shutdown how) {
    supervisor.tell(how);
  }

  /** Completed when the fleet has ended. */
  public CompletionStage<Void> ended() {
    return ended.copy();
  }
}
