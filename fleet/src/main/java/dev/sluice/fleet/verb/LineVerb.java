package dev.sluice.fleet.verb;

import akka.actor.typed.ActorSystem;
import dev.sluice.fleet.admin.Access;
import dev.sluice.fleet.admin.Admin;
import dev.sluice.fleet.admin.EventLog;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.Json;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetEvent;
import dev.sluice.fleet.run.FleetProtocol.Shutdown;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.log.RelayLog;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs one relay with an admin address: what {@code sluice --admin=PATH …} is. It behaves as the
 * command line without that option does: no keepalive, no second begin, and its exit status.
 */
@Command(
    name = "line",
    hidden = true,
    description = "Runs the relay of one command line, with an admin address.")
final class LineVerb implements Callable<Integer> {
  /** The relay's name, and what stands for its file. */
  private static final String NAME = "relay";

  private static final String TOKEN_VARIABLE = "SLUICE_ADMIN_TOKEN";
  private static final int SHORTEST_TOKEN = 16;

  private final FleetHost host;
  private final Terminal terminal;

  @Option(names = "--admin", paramLabel = "PATH", required = true, description = "The socket.")
  private Path socket = Path.of("");

  @Option(
      names = "--admin-listen",
      paramLabel = "ADDRESS",
      description =
          "An address for browsers; they log in with what variable " + TOKEN_VARIABLE + " holds.")
  private @Nullable String listen;

  @Option(names = "-d", description = "Logs more.")
  private boolean[] verbose = {};

  @Option(names = "-lf", paramLabel = "FILE", description = "Where log lines go.")
  private @Nullable String logFile;

  @Parameters(paramLabel = "WORD", arity = "2..*", description = "Options, left and right address.")
  private List<String> words = List.of();

  LineVerb(FleetHost host, Terminal terminal) {
    this.host = host;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    String token = System.getenv(TOKEN_VARIABLE);
    if (listen != null && (token == null || token.length() < SHORTEST_TOKEN)) {
      throw new Refusal(
          "--admin-listen needs variable " + TOKEN_VARIABLE + ", 16 characters or more");
    }
    EventLog events = new EventLog();
    Pools pools = new Pools((pool, text) -> {});
    RelayReader relays = RelayReader.of(host.catalog(), host.options(), pools);
    FleetReader reader = new FleetReader(relays, System.getenv());
    FleetReader.Result read = reader.readOne(NAME, definition(), Fleet.EMPTY);
    if (read.fleet().isEmpty()) {
      read.problems().forEach(problem -> terminal.err().println(problem.message()));
      return 1;
    }
    host.startLogging(Math.min(4, 1 + verbose.length), Optional.ofNullable(logFile));
    host.becomeService();
    ActorSystem<Void> system =
        RelaySystem.create("sluice", Admin.configuration(host.akkaConfiguration()));
    AtomicInteger status = new AtomicInteger();
    FleetRunner runner = runner(system, relays, pools, reader, events, status);
    host.onSignal(
        number -> {
          status.set(128 + number);
          runner.shutDown(Shutdown.NOW);
        });
    Admin admin = listen(runner, reader, events, token);
    if (admin == null) {
      host.end(1);
      return 1;
    }
    runner.apply(read.fleet().get(), Optional.empty()).toCompletableFuture().join();
    runner.ended().toCompletableFuture().join();
    admin.close();
    host.end(status.get());
    return status.get();
  }

  /** Runs a fleet that ends with its relay, whose status it leaves in {@code status}. */
  private static FleetRunner runner(
      ActorSystem<Void> system,
      RelayReader relays,
      Pools pools,
      FleetReader reader,
      EventLog events,
      AtomicInteger status) {
    FleetRunner[] running = new FleetRunner[1];
    running[0] =
        new FleetRunner(
            system,
            relays,
            pools,
            reader,
            Path.of("command line"),
            event -> {
              events.accept(event);
              if (event instanceof FleetEvent.Ended end) {
                status.set(end.status());
                running[0].shutDown(Shutdown.NOW);
              }
            });
    return running[0];
  }

  /** Listens for the API; null, with an error in the log, when that can't be. */
  private @Nullable Admin listen(
      FleetRunner runner, FleetReader reader, EventLog events, @Nullable String token) {
    try {
      Admin admin = Admin.listen(socket, "0600", Access.NONE, runner, reader, events);
      admin.bound().toCompletableFuture().join();
      if (listen != null && token != null) {
        admin
            .listenRemotely(listen, Map.of(Access.ADMIN, token), List.of())
            .toCompletableFuture()
            .join();
      }
      return admin;
    } catch (IOException | CompletionException e) {
      RelayLog.ofProcess().error("--admin: " + socket + ": " + e.getMessage());
      return null;
    }
  }

  private String definition() {
    Map<String, Object> relay = new LinkedHashMap<>();
    relay.put("left", words.get(words.size() - 2));
    relay.put("right", words.get(words.size() - 1));
    relay.put("options", words.subList(0, words.size() - 2));
    relay.put("keepalive", "off");
    relay.put("retry", Map.of("when", "never"));
    return Json.of(relay);
  }
}
