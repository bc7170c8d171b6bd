package dev.sluice.fleet.verb;

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

  /** Signals so far that ask for the end. */
  private final AtomicInteger endings = new AtomicInteger();

  RunVerb(FleetHost host, Terminal terminal) {
    this.host = host;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    EventLog events = new EventLog();
    Pools pools = pools(events);
    SystemdSockets sockets =
        SystemdSockets.of(System.getenv(), ProcessHandle.current().pid()).kept();
    RelayReader relays =
        RelayReader.of(host.catalog(), host.options(), pools).withSockets(sockets::find);
    FleetReader reader = new FleetReader(relays, System.getenv());
    FleetReader.Result own = reader.read(file);
    FleetReader.Result read = own.fleet().isPresent() ? own : lastGood(reader);
    if (read.fleet().isEmpty()) {
      own.problems().forEach(terminal.err()::println);
      return 1;
    }
    checkJoin(read.fleet().get());
    startLogging(own);
    try {
      Restored restored = Restored.of(read.fleet().get());
      AtomicReference<FleetCluster> cluster = new AtomicReference<>();
      FleetRunner runner = runner(relays, pools, reader, events, cluster);
      run(read, reader, runner, restored, events, cluster);
    } catch (SnapshotFile.Unusable e) {
      terminal.err().println(e.getMessage());
      return 1;
    }
    RelayLog.ofProcess().always(Severity.NOTICE, "fleet " + file + ": ended");
    host.end(0);
    return 0;
  }

  /** Everything that runs once the file has been read; returns when the fleet has ended. */
  private void run(
      FleetReader.Result read,
      FleetReader reader,
      FleetRunner runner,
      Restored restored,
      EventLog events,
      AtomicReference<FleetCluster> cluster)
      throws IOException {
    Fleet fleet = restored.addedTo(read.fleet().orElseThrow(), reader);
    ServiceReports reports = reports(runner);
    Admin admin =
        listen(
            fleet.admin().orElse(AdminSettings.DEFAULT), fleet.secrets(), runner, reader, events);
    if (admin == null && isChosen(fleet)) {
      host.end(1);
    }
    if (fleet.cluster().isPresent()) {
      FleetCluster joined = cluster(fleet.cluster().get(), runner);
      if (joined != null) {
        cluster.set(joined);
        runner.joins(joined);
        fleet = restored.addedTo(kept(joined, reader, fleet), reader);
      }
    }
    if (restored.file() != null) {
      runner.keep(restored.file(), restored.before(), fleet.snapshot().orElseThrow().every());
    }
    if (isApplied(runner, fleet)) {
      runner.remember(read.whole());
      FleetCluster joined = cluster.get();
      if (joined != null) {
        joined.join(read.shared());
      }
      reports.start();
    }
    runner.ended().toCompletableFuture().join();
    if (admin != null) {
      admin.close();
    }
  }

  /** Begins what the file says; false when a signal has ended the fleet meanwhile. */
  private boolean isApplied(FleetRunner runner, Fleet fleet) {
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

  private static Pools pools(EventLog events) {
    return new Pools(
        (pool, text) -> {
          String name = "pool " + pool.definition().name();
          RelayLog.ofProcess().warning(name + ": " + text);
          events.accept(new FleetEvent.Pooled(name, text));
        });
  }

  private void checkJoin(Fleet fleet) {
    if (!join.isEmpty() && fleet.cluster().isEmpty()) {
      throw new Refusal("--join is for a file with a section cluster");
    }
    for (String node : join) {
      if (!node.matches("\\S+:\\d{1,5}")) {
        throw new Refusal("--join: \"" + node + "\" is not HOST:PORT");
      }
    }
  }

  /** From here on problems go to the log, those of the file first. */
  private void startLogging(FleetReader.Result own) throws IOException {
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
  }

  private FleetRunner runner(
      RelayReader relays,
      Pools pools,
      FleetReader reader,
      EventLog events,
      AtomicReference<FleetCluster> cluster) {
    return new FleetRunner(
        RelaySystem.create("sluice", Admin.configuration(host.akkaConfiguration())),
        relays,
        pools,
        reader,
        file,
        event -> {
          events.accept(event);
          FleetCluster joined = cluster.get();
          if (joined != null && event instanceof FleetEvent.Bound bound) {
            joined.bound(bound.relay(), bound.address());
          }
        });
  }

  /** Tells the service manager how the fleet is, and the fleet what signals ask for. */
  private ServiceReports reports(FleetRunner runner) {
    ServiceManager manager = ServiceManager.of(System.getenv(), ProcessHandle.current().pid());
    ServiceReports reports = new ServiceReports(runner.system(), runner, manager);
    runner.onReload(reports::reloading, reports::reloaded);
    takeSignals(runner, reports);
    return reports;
  }

  /** The cluster of the file; null if it can't be, and then the process ends. */
  private @Nullable FleetCluster cluster(ClusterSettings settings, FleetRunner runner) {
    try {
      return ClusterJars.find().create(join.isEmpty() ? settings : settings.joining(join), runner);
    } catch (IOException e) {
      terminal.err().println("cluster: " + e.getMessage());
      host.end(1);
      return null;
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

  private void takeSignals(FleetRunner runner, ServiceReports reports) {
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
  }
}
