package dev.sluice.fleet.verb;

import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.file.RelayOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Runs a small fleet and asks it what fleets are asked, all in this process. The launcher has the
 * JVM record the classes that this loads, so that later starts take them from an archive.
 */
@Command(name = "rehearse", hidden = true, description = "Does what fleets do, once.")
final class RehearseVerb implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 20;

  private final FleetHost host;

  RehearseVerb(FleetHost host) {
    this.host = host;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("sluice-rehearsal");
    try {
      rehearse(folder);
    } finally {
      try (Stream<Path> left = Files.list(folder)) {
        for (Path one : left.toList()) {
          Files.deleteIfExists(one);
        }
      }
      Files.deleteIfExists(folder);
    }
    return 0;
  }

  private void rehearse(Path folder) throws Exception {
    Path socket = folder.resolve("api");
    Path file = folder.resolve("fleet.conf");
    Path relay = folder.resolve("a");
    Files.writeString(
        file,
        """
        sluice {
          defaults { connect-timeout = 5s }
          pools.p { members = ["UNIX-CONNECT:%1$s/b", "TCP:127.0.0.1:1"], check { every = 200ms } }
          relays {
            a { left = "UNIX-LISTEN:%1$s/a,fork", right = "POOL:p", group = g }
            b { left = "UNIX-LISTEN:%1$s/b,fork", right = "PIPE", labels { of = archive } }
            c { left = "TCP-LISTEN:0,bind=127.0.0.1,reuseaddr,fork", right = "TCP:127.0.0.1:1" }
          }
        }
        """
            .formatted(folder));
    Stage stage = new Stage(host);
    Thread fleet =
        new Thread(
            () -> run(new RunVerb(stage, SILENT), "--socket", socket.toString(), file.toString()),
            "fleet");
    fleet.start();
    ApiClient client = new ApiClient(socket);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isServed(client, relay) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    ask(client, socket);
    stage.signal(15);
    stage.signal(15);
    stage.ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** What fleets are asked: paths of the API, and verbs. */
  private static void ask(ApiClient client, Path socket) throws Exception {
    for (String path : List.of("/metrics", "/readyz", "/", "/v1/log", "/v1/plan", "/v1/export")) {
      client.ask("GET", path, null);
    }
    String where = socket.toString();
    run(new StatusVerb(SILENT), "--socket", where);
    run(new SessionsVerb(SILENT), "--socket", where);
    run(new TopVerb(SILENT), "--socket", where, "--once");
    run(new ApplyVerb(SILENT), "--socket", where);
    run(new ControlVerb.Drain(SILENT), "--socket", where, "b");
  }

  /** Whether the API answers, and a session through the pool brings back what it was sent. */
  private static boolean isServed(ApiClient client, Path relay) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(relay));
      channel.write(ByteBuffer.wrap(new byte[] {'x'}));
      return channel.read(ByteBuffer.allocate(1)) == 1 && client.ask("GET", "/livez", null).isOk();
    } catch (IOException | Refusal e) {
      return false;
    }
  }

  private static void run(Callable<Integer> verb, String... words) {
    new CommandLine(verb)
        .setOut(SILENT.out())
        .setErr(SILENT.err())
        .setExecutionExceptionHandler((failure, command, parsed) -> 1)
        .execute(words);
  }

  private static final Terminal SILENT =
      new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()));

  /** The program around the fleet, but for signals, which this verb sends, and the end. */
  private static final class Stage implements FleetHost {
    private final FleetHost host;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private volatile IntConsumer handler = number -> {};

    private Stage(FleetHost host) {
      this.host = host;
    }

    void signal(int number) {
      handler.accept(number);
    }

    @Override
    public Catalog catalog() {
      return host.catalog();
    }

    @Override
    public RelayOptions options() {
      return host.options();
    }

    @Override
    public Optional<Map<String, Object>> akkaConfiguration() {
      return host.akkaConfiguration();
    }

    @Override
    public void startLogging(int verbosity, Optional<String> file) throws IOException {
      host.startLogging(verbosity, file);
    }

    @Override
    public void becomeService() {
      host.becomeService();
    }

    @Override
    public void onSignal(IntConsumer newHandler) {
      handler = newHandler;
      host.onSignal(newHandler);
    }

    @Override
    public void end(int status) {
      ended.complete(status);
    }
  }
}
