package dev.sluice.relay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The actor system's configuration for relays.
 *
 * <p>In the packaged program it has been merged, resolved and cut down at build time ({@link
 * #main}); elsewhere it lies over Akka's own.
 */
public final class RelaySystem {
  private static final String PACKAGED = "/dev/sluice/relay/packaged.json";

  /** Parts of Akka's configuration that a relay never asks for. */
  private static final List<String> UNUSED =
      List.of(
          "akka.io",
          "akka.ssl-config",
          "ssl-config",
          "akka.test",
          "akka.actor.typed.delivery",
          "akka.reliable-delivery",
          "akka.stream.secret-test-fuzzing-warning-disable");

  private static final String SETTINGS =
      """
      akka {
        loglevel = "WARNING"
        loggers = []
        stdout-loglevel = "OFF"
        log-dead-letters = off
        jvm-shutdown-hooks = off
        coordinated-shutdown.run-by-jvm-shutdown-hook = off
        daemonic = on
        library-extensions = []
        use-slf4j = off
        actor.default-dispatcher.fork-join-executor { parallelism-min = 2, parallelism-factor = 1.0 }
        actor.internal-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 2 }
      }
      sluice.blocking-io {
        type = Dispatcher
        executor = "dev.sluice.relay.BlockingIoExecutor"
        throughput = 1
      }
      """;

  private RelaySystem() {}

  /** The configuration to create an actor system with. */
  public static Config config() {
    InputStream packaged = RelaySystem.class.getResourceAsStream(PACKAGED);
    if (packaged == null) {
      return ConfigFactory.parseString(SETTINGS).withFallback(ConfigFactory.defaultReference());
    }
    try (InputStreamReader reader = new InputStreamReader(packaged, StandardCharsets.UTF_8)) {
      return ConfigFactory.parseReader(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the packaged configuration below the folder of classes in {@code arguments[0]}; run by
   * the build.
   */
  public static void main(String[] arguments) throws IOException {
    Config config =
        ConfigFactory.parseString(SETTINGS)
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    for (String path : UNUSED) {
      config = config.withoutPath(path);
    }
    Path file = Path.of(arguments[0] + PACKAGED);
    Files.createDirectories(Path.of(arguments[0] + PACKAGED).getParent());
    Config kept = config.withOnlyPath("akka").withFallback(config.withOnlyPath("sluice"));
    Files.writeString(file, kept.root().render(ConfigRenderOptions.concise()));
  }
}
