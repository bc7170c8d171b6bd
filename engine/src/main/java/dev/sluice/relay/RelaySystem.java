package dev.sluice.relay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The actor system's configuration for relays. */
public final class RelaySystem {
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
        actor.default-mailbox.mailbox-type = "akka.dispatch.UnboundedMailbox"
        actor.internal-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 2 }
      }
      sluice.blocking-io {
        type = Dispatcher
        executor = "dev.sluice.relay.BlockingIoExecutor"
        throughput = 1
      }
      """;

  private RelaySystem() {}

  /** The configuration: ours over Akka's own. */
  public static Config config() {
    return ConfigFactory.parseString(SETTINGS).withFallback(ConfigFactory.defaultReference());
  }
}
