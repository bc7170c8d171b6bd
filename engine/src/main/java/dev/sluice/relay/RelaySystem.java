package dev.sluice.relay;

import akka.actor.BootstrapSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actor system's configuration for relays.
 *
 * <p>In the packaged program it has been merged, resolved and cut down at build time ({@link
 * #usedConfig}); elsewhere it lies over Akka's own.
 */
public final class RelaySystem {
  /** Parts of Akka's configuration that a relay never asks for. */
  private static final List<String> UNUSED =
      List.of(
          "akka.io",
          "akka.ssl-config",
          "ssl-config",
          "akka.test",
          "akka.actor.typed.delivery",
          "akka.reliable-delivery",
          "akka.stream.secret-test-fuzzing-warning-disable",
          "akka.actor.deployment.\"/IO-DNS/async-dns\"",
          "akka.actor.deployment.\"/IO-DNS/inet-address\"",
          "akka.actor.deployment.\"/IO-DNS/inet-address/*\"");

  private static final String SETTINGS =
      """
      akka {
        loglevel = "WARNING"
        loggers = []
        stdout-loglevel = "OFF"
        log-dead-letters = off
        jvm-shutdown-hooks = off
        scheduler.implementation = "dev.sluice.relay.SleepingScheduler"
        coordinated-shutdown.run-by-jvm-shutdown-hook = off
        daemonic = on
        library-extensions = []
        actor.typed.library-extensions = []
        java-flight-recorder.enabled = off
        use-slf4j = off
        actor.default-dispatcher {
          executor = "dev.sluice.relay.ActorThreads"
          fork-join-executor { parallelism-min = 2, parallelism-factor = 1.0 }
        }
        actor.internal-dispatcher {
          executor = "dev.sluice.relay.ActorThreads"
          fork-join-executor { parallelism-min = 1, parallelism-max = 2 }
        }
      }
      """;

  private RelaySystem() {}

  /** The configuration to create an actor system with. */
  public static Config config() {
    return ConfigFactory.parseString(SETTINGS)
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  /** Only what a relay asks for of {@link #config()}, as a tree of plain values. */
  public static Map<String, Object> usedConfig() {
    Config config = config();
    for (String path : UNUSED) {
      config = config.withoutPath(path);
    }
    return config
        .withOnlyPath("akka")
        .withFallback(config.withOnlyPath("sluice"))
        .root()
        .unwrapped();
  }

  /** Creates an actor system for relays, with no actor yet. */
  public static ActorSystem<Void> create(String name) {
    return ActorSystem.create(Behaviors.empty(), name, config());
  }

  /**
   * The same from what {@link #usedConfig} gave when the program was built. Akka then looks into no
   * jar: merely opening a large one takes 15 ms.
   */
  public static ActorSystem<Void> create(String name, Map<String, Object> usedConfig) {
    return create(
        Behaviors.empty(),
        name,
        ConfigValueFactory.fromMap(usedConfig).toConfig(),
        RelaySystem.class.getClassLoader());
  }

  /**
   * Creates an actor system of another kind, whose configuration is complete: Akka adds nothing to
   * it.
   *
   * @param classes finds its classes
   */
  public static <T> ActorSystem<T> create(
      Behavior<T> guardian, String name, Config complete, ClassLoader classes) {
    return ActorSystem.create(
        guardian,
        name,
        BootstrapSetup.create().withClassloader(new ClassesOnly(classes)).withConfig(complete));
  }

  /** A loader that has no other files than classes. */
  private static final class ClassesOnly extends ClassLoader {
    private ClassesOnly(ClassLoader parent) {
      super(parent);
    }

    @Override
    public @Nullable URL getResource(String name) {
      return null;
    }

    @Override
    public Enumeration<URL> getResources(String name) {
      return Collections.emptyEnumeration();
    }
  }
}
