package dev.sluice.connector.kit;

import akka.actor.BootstrapSetup;
import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The actor system that a connector's library runs in, one for each connector, made when it is
 * first asked for. The relay's own cannot serve: its configuration and its class loader know
 * nothing of the library.
 */
public final class ConnectorSystem {
  /** The dispatcher for calls that wait for a disk or a broker. */
  public static final String MAY_BLOCK = "akka.actor.default-blocking-io-dispatcher";

  /**
   * Streams wait for a session for as long as it takes: the other side may have to connect first,
   * again and again. Akka would end them after five seconds.
   */
  private static final String SETTINGS =
      """
      akka {
        loglevel = "OFF"
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
        stream.materializer.subscription-timeout.mode = noop
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

  private static final List<String> AKKA = List.of("actor", "typed", "stream");

  private static final class Holder {
    static final ActorSystem<Void> SYSTEM = create();
  }

  private ConnectorSystem() {}

  /** The system of the connector that asks. */
  public static ActorSystem<Void> get() {
    return Holder.SYSTEM;
  }

  /** Runs something later, on a thread where it must not block. */
  public static Cancellable after(Duration delay, Runnable action) {
    ActorSystem<Void> system = get();
    return system
        .classicSystem()
        .scheduler()
        .scheduleOnce(delay, action, system.executionContext());
  }

  /** Does something where a library looks for its classes by the thread's class loader. */
  public static <T> T within(Callable<T> work) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ConnectorSystem.class.getClassLoader());
    try {
      return work.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Runs streams in that system. */
  public static Materializer materializer() {
    return Materializer.matFromSystem(get().classicSystem());
  }

  private static ActorSystem<Void> create() {
    ClassLoader loader = ConnectorSystem.class.getClassLoader();
    Config config = ConfigFactory.parseString(SETTINGS);
    ConfigParseOptions options = ConfigParseOptions.defaults().setClassLoader(loader);
    for (String part : AKKA) {
      config =
          config.withFallback(
              ConfigFactory.parseResources(
                  ConnectorSystem.class, part + "/reference.conf", options));
    }
    // the libraries' own: in the program's jar there is none of that name
    config = config.withFallback(ConfigFactory.parseResources(loader, "reference.conf"));
    return ActorSystem.create(
        Behaviors.empty(),
        "connector",
        BootstrapSetup.create().withClassloader(loader).withConfig(config.resolve()));
  }
}
