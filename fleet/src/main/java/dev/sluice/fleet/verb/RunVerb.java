package dev.sluice.fleet.verb;

import akka.actor.typed.ActorSystem;
import dev.sluice.fleet.admin.Access;
import dev.sluice.fleet.admin.Admin;
import dev.sluice.fleet.admin.EventLog;
import dev.sluice.fleet.cluster.ClusterJars;
import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.LastGoodFile;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.file.SnapshotFile;
import dev.sluice.fleet.model.AdminSettings;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetEvent;
import dev.sluice.fleet.run.FleetProtocol.Shutdown;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.fleet.run.ServiceReports;
import dev.sluice.fleet.service.ServiceManager;
import dev.sluice.fleet.service.SystemdSockets;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a fleet until it is told to end. */
@Command(
    name = "run",
    description = {
      "Runs the relays of a file.",
      "Signal HUP reads the file again. TERM and INT let sessions end (key drain), a second one"
          + " ends them."
    })
final class RunVerb implements Callable<Integer> {
  private static final int HUP = 1;

  private final FleetHost host;
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "A fleet file, or a folder of them.")
  private Path file = Path.of("");

  @Option(
      names = "-d",
      description = "Logs more: -d notices of each connection, -d -d infos, -d -d -d everything.")
  private boolean[] verbose = {};

  @Option(names = "--log-file", paramLabel = "FILE", description = "Where log lines go.")
  private @Nullable String logFile;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "Where verbs reach the fleet; else what the file says, variable "
              + Asking.SOCKET_VARIABLE
              + ", "
              + Asking.SOCKET
              + ".")
  private @Nullable Path socket;

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Nodes of a cluster to join by, in place of the seeds of the file.")
  private List<String> join = List.of();

  RunVerb(FleetHost host, Terminal terminal) {
    this.host = host;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    EventLog events = new EventLog();
    Pools pools =
        new Pools(
            (pool, text) -> {
              String name = "pool " + pool.definition().name();
              RelayLog.ofProcess().warning(name + ": " + text);
              events.accept(new FleetEvent.Pooled(name, text));
            });
    long pid = ProcessHandle.current().pid();
    SystemdSockets sockets = SystemdSockets.of(System.getenv(), pid).kept();
    RelayReader relays =
        RelayReader.of(host.catalog(), host.options(), pools).withSockets(sockets::find);
    FleetReader reader = new FleetReader(relays, System.getenv());
    FleetReader.Result own = reader.read(file);
    FleetReader.Result read = own.fleet().isPresent() ? own : lastGood(reader);
    if (read.fleet().isEmpty()) {
      own.problems().forEach(terminal.err()::println);
      return 1;
    }
    if (!join.isEmpty() && read.fleet().get().cluster().isEmpty()) {
      throw new Refusal("--join is for a file with a section cluster");
    }
    for (String node : join) {
      if (!node.matches("\\S+:\\d{1,5}")) {
        throw new Refusal("--join: \"" + node + "\" is not HOST:PORT");
      }
    }
    host.startLogging(Math.min(4, 1 + verbose.length), Optional.ofNullable(logFile));
    host.becomeService();
    if (own.fleet().isEmpty()) {
      own.problems().forEach(problem -> RelayLog.ofProcess().error(problem.toString()));
      RelayLog.ofProcess()
          .error(
              "fleet "
                  + file
                  + ": what ran last is used, from "
                  + LastGoodFile.of(file, System.getenv()).place());
    }
    Fleet fleet = read.fleet().get();
    SnapshotFile snapshots = null;
    FleetSnapshot before = FleetSnapshot.EMPTY;
    if (fleet.snapshot().isPresent()) {
      try {
        snapshots = SnapshotFile.open(Path.of(fleet.snapshot().get().file()));
        SnapshotFile.Kept kept = snapshots.read();
        before = kept.snapshot();
        if (kept.warning() != null) {
          RelayLog.ofProcess().error(kept.warning());
        }
      } catch (SnapshotFile.Unusable e) {
        terminal.err().println(e.getMessage());
        return 1;
      }
    }
    fleet = withAdded(fleet, before, reader);
    ActorSystem<Void> system =
        RelaySystem.create("sluice", Admin.configuration(host.akkaConfiguration()));
    AtomicReference<FleetCluster> clusters = new AtomicReference<>();
    FleetRunner runner =
        new FleetRunner(
            system,
            relays,
            pools,
            reader,
            file,
            event -> {
              events.accept(event);
              FleetCluster joined = clusters.get();
              if (joined != null && event instanceof FleetEvent.Bound bound) {
                joined.bound(bound.relay(), bound.address());
              }
            });
    ServiceReports reports =
        new ServiceReports(system, runner, ServiceManager.of(System.getenv(), pid));
    runner.onReload(reports::reloading, reports::reloaded);
    AtomicInteger endings = takeSignals(runner, reports);
    Admin admin =
        listen(
            fleet.admin().orElse(AdminSettings.DEFAULT), fleet.secrets(), runner, reader, events);
    if (admin == null && isChosen(fleet)) {
      host.end(1);
    }
    FleetCluster cluster = null;
    if (fleet.cluster().isPresent()) {
      try {
        ClusterSettings settings = fleet.cluster().get();
        cluster =
            ClusterJars.find().create(join.isEmpty() ? settings : settings.joining(join), runner);
        clusters.set(cluster);
        runner.joins(cluster);
        fleet = withAdded(kept(cluster, reader, fleet), before, reader);
      } catch (IOException e) {
        terminal.err().println("cluster: " + e.getMessage());
        host.end(1);
      }
    }
    if (snapshots != null) {
      runner.keep(snapshots, before, fleet.snapshot().orElseThrow().every());
    }
    if (isApplied(runner, fleet, endings)) {
      runner.remember(read.whole());
      if (cluster != null) {
        cluster.join(read.shared());
      }
      reports.start();
    }
    runner.ended().toCompletableFuture().join();
    if (admin != null) {
      admin.close();
    }
    RelayLog.ofProcess().always(Severity.NOTICE, "fleet " + file + ": ended");
    host.end(0);
    return 0;
  }

  /** Begins what the file says; false when a signal ended the fleet meanwhile. */
  private static boolean isApplied(FleetRunner runner, Fleet fleet, AtomicInteger endings) {
    try {
      runner.apply(fleet, Optional.empty()).toCompletableFuture().join();
      return true;
    } catch (CompletionException e) {
      if (endings.get() == 0) {
        throw e;
      }
      return false;
    }
  }

  /** What ran last, if that was kept and can still be used. */
  private FleetReader.Result lastGood(FleetReader reader) throws IOException {
    LastGoodFile last = LastGoodFile.of(file, System.getenv());
    return last.isThere()
        ? reader.readWhole(last.text(), last.place().toString(), file)
        : new FleetReader.Result(Optional.empty(), List.of(), "", "");
  }

  /** What the cluster had at the end of the last run, if it can still be used. */
  private static Fleet kept(FleetCluster cluster, FleetReader reader, Fleet fleet) {
    if (cluster.kept().isEmpty()) {
      return fleet;
    }
    FleetReader.Result read =
        reader.readShared(cluster.kept().get(), "what was kept of the cluster", fleet);
    read.problems().forEach(problem -> RelayLog.ofProcess().error(problem.toString()));
    return read.fleet().orElse(fleet);
  }

  /** The fleet with the relays that were added by hand before the process began again. */
  private static Fleet withAdded(Fleet fleet, FleetSnapshot before, FleetReader reader) {
    Map<String, RelayDefinition> relays = new LinkedHashMap<>(fleet.relays());
    before
        .added()
        .forEach(
            (name, json) -> {
              FleetReader.Result one = reader.readOne(name, json, fleet);
              one.problems()
                  .forEach(
                      problem ->
                          RelayLog.ofProcess()
                              .error("relay " + name + " of the snapshot is left out: " + problem));
              one.fleet()
                  .ifPresent(
                      some ->
                          some.relays()
                              .forEach(
                                  (any, relay) ->
                                      relays.putIfAbsent(name, relay.at(Origin.RUNTIME))));
            });
    return fleet.with(relays);
  }

  /** Whether somebody asked for a socket, so that none is a reason not to run. */
  private boolean isChosen(Fleet fleet) {
    return socket != null
        || System.getenv(Asking.SOCKET_VARIABLE) != null
        || fleet.admin().stream()
            .anyMatch(
                one ->
                    one.socket().isPresent()
                        || one.listen().isPresent()
                        || one.metrics().isPresent());
  }

  /** Listens for verbs; null when that can't be. */
  private @Nullable Admin listen(
      AdminSettings settings,
      Secrets secrets,
      FleetRunner runner,
      FleetReader reader,
      EventLog events) {
    Path path =
        socket == null && settings.socket().isPresent()
            ? Path.of(settings.socket().get())
            : Asking.socket(socket);
    try {
      Access others = Access.valueOf(settings.others().toUpperCase(Locale.ROOT));
      Admin admin = Admin.listen(path, settings.mode(), others, runner, reader, events);
      admin.bound().toCompletableFuture().join();
      if (settings.listen().isPresent()) {
        admin
            .listenRemotely(
                secrets.reveal(settings.listen().get()),
                tokens(settings, secrets),
                settings.hosts())
            .toCompletableFuture()
            .join();
      }
      if (settings.metrics().isPresent()) {
        admin
            .listenForMetrics(secrets.reveal(settings.metrics().get()))
            .toCompletableFuture()
            .join();
      }
      return admin;
    } catch (IOException | CompletionException e) {
      RelayLog.ofProcess()
          .error("verbs can't reach this fleet: " + path + ": " + String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Map<Access, String> tokens(AdminSettings settings, Secrets secrets) {
    Map<Access, String> tokens = new EnumMap<>(Access.class);
    settings
        .tokens()
        .forEach(
            (access, name) ->
                tokens.put(Access.valueOf(access.toUpperCase(Locale.ROOT)), secrets.value(name)));
    return tokens;
  }

  /** Returns the count of the signals that end the fleet. */
  private AtomicInteger takeSignals(FleetRunner runner, ServiceReports reports) {
    AtomicInteger endings = new AtomicInteger();
    host.onSignal(
        number -> {
          if (number == HUP) {
            runner.reload(Optional.empty());
            return;
          }
          boolean first = endings.getAndIncrement() == 0;
          RelayLog.ofProcess()
              .always(
                  Severity.NOTICE,
                  "fleet "
                      + file
                      + (first ? ": takes no more sessions, and ends" : ": ends at once"));
          reports.stopping();
          if (first && runner.cluster().isPresent()) {
            runner
                .cluster()
                .get()
                .leave()
                .whenComplete((left, failure) -> runner.shutDown(Shutdown.DRAIN));
          } else {
            runner.shutDown(first ? Shutdown.DRAIN : Shutdown.NOW);
          }
        });
    return endings;
  }
}
