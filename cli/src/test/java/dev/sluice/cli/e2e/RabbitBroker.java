package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Debian's rabbitmq-server in processes of its own. */
final class RabbitBroker implements AutoCloseable {
  private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  private final int port = Server.freePort();
  private final int names = Server.freePort();
  private final Path folder;
  private final ProcessBuilder builder = new ProcessBuilder(SERVER.toString());
  private Process process;

  private RabbitBroker(Path folder, List<String> settings) throws IOException {
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        "listeners.tcp.1 = 127.0.0.1:" + port + "\n" + String.join("\n", settings) + "\n");
    Files.writeString(folder.resolve("plugins"), "[].\n");
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", folder.toString(),
                "RABBITMQ_NODENAME", "sluice" + port + "@localhost",
                "RABBITMQ_MNESIA_BASE", folder.resolve("data").toString(),
                "RABBITMQ_LOG_BASE", folder.resolve("log").toString(),
                "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString(),
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString(),
                "RABBITMQ_PID_FILE", folder.resolve("pid").toString(),
                "RABBITMQ_DIST_PORT", Server.freePort() + "",
                "ERL_EPMD_PORT", names + ""));
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
    this.folder = folder;
    restart();
  }

  /** Ends it as a failure of power would. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it, with what it has kept. */
  void restart() throws IOException {
    process = builder.start();
    Await.content(folder.resolve("out"), "completed with");
  }

  /**
   * Starts one whose files are in {@code folder}; leaves the test out where it is not installed.
   *
   * @param settings more lines of rabbitmq.conf
   */
  static RabbitBroker start(Path folder, String... settings) throws IOException {
    Assumptions.assumeTrue(Files.exists(SERVER), "rabbitmq-server is not installed");
    return new RabbitBroker(folder, List.of(settings));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    kill();
    // the name server goes only once it has noticed that the broker is gone
    Await.until(() -> stopNames().contains("Killed"), () -> "epmd to end");
  }

  private String stopNames() {
    try {
      Process epmd =
          new ProcessBuilder("epmd", "-port", names + "", "-kill")
              .redirectErrorStream(true)
              .start();
      return new String(epmd.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
