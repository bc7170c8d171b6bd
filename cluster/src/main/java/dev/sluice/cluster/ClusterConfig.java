package dev.sluice.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.ClusterSettings.Profile;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of the cluster's actor system, which is another one than that of the relays: it
 * ends and begins anew when the node was put out of the cluster, and relays go on meanwhile.
 *
 * <p>All that belongs to membership runs on one thread. A beat goes through a dozen actors and
 * streams, and with more threads each step would wake another one.
 */
final class ClusterConfig {
  /** What {@link ReferenceWriter} wrote when the program was built. */
  static final String REFERENCE = "cluster-reference.conf";

  private static final String SETTINGS =
      """
      akka {
        loglevel = WARNING
        use-slf4j = off
        stdout-loglevel = OFF
        loggers = ["dev.sluice.cluster.ClusterLogger"]
        log-dead-letters = off
        log-dead-letters-during-shutdown = off
        jvm-shutdown-hooks = off
        scheduler.implementation = "dev.sluice.relay.SleepingScheduler"
        daemonic = on
        java-flight-recorder.enabled = off
        coordinated-shutdown { run-by-jvm-shutdown-hook = off, exit-jvm = off, terminate-actor-system = on }
        actor {
          provider = cluster
          allow-java-serialization = off
          serializers.sluice = "dev.sluice.cluster.WireSerializer"
          serialization-bindings { "dev.sluice.cluster.Wire" = sluice }
          default-dispatcher {
            executor = "dev.sluice.relay.ActorThreads"
            fork-join-executor { parallelism-min = 1, parallelism-max = 1 }
          }
          internal-dispatcher {
            executor = "dev.sluice.relay.ActorThreads"
            fork-join-executor { parallelism-min = 1, parallelism-max = 1 }
          }
          default-blocking-io-dispatcher.thread-pool-executor.fixed-pool-size = 4
        }
        remote.use-dispatcher = "akka.actor.internal-dispatcher"
        remote.artery {
          advanced.use-dispatcher = "akka.actor.internal-dispatcher"
          advanced { maximum-frame-size = 8 MiB, buffer-pool-size = 8, maximum-large-frame-size = 8 MiB, large-buffer-pool-size = 4 }
          log-received-messages = off
        }
        cluster {
          downing-provider-class = "akka.cluster.sbr.SplitBrainResolverProvider"
          split-brain-resolver.active-strategy = keep-majority
          shutdown-after-unsuccessful-join-seed-nodes = off
          allow-weakly-up-members = off
          jmx.enabled = off
          use-dispatcher = "akka.actor.internal-dispatcher"
          distributed-data { durable.keys = [], gossip-interval = 1s, notify-subscribers-interval = 200ms, delta-crdt.enabled = off }
        }
      }
      """;

  /** Detection in about 3 s, downing 2 to 3 s later. */
  private static final String FAST =
      """
      akka.cluster {
        seed-node-timeout = 2s
        retry-unsuccessful-join-after = 2s
        periodic-tasks-initial-delay = 250ms
        gossip-interval = 500ms
        leader-actions-interval = 500ms
        unreachable-nodes-reaper-interval = 500ms
        failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s, expected-response-after = 500ms }
        split-brain-resolver { stable-after = 2s, down-all-when-unstable = 8s }
      }
      """;

  /** Akka's own values, with patience for a network that loses half of its packets. */
  private static final String SAFE =
      """
      akka.cluster {
        seed-node-timeout = 5s
        failure-detector { heartbeat-interval = 1s, acceptable-heartbeat-pause = 10s }
        split-brain-resolver { stable-after = 10s, down-all-when-unstable = 20s }
      }
      """;

  private ClusterConfig() {}

  /** The configuration for a node. */
  static Config of(ClusterSettings settings) {
    Map<String, Object> own = new LinkedHashMap<>();
    own.put("akka.remote.artery.canonical.hostname", settings.host());
    own.put("akka.remote.artery.canonical.port", settings.port());
    own.put("akka.remote.artery.transport", settings.tls().isPresent() ? "tls-tcp" : "tcp");
    own.put("akka.cluster.min-nr-of-members", settings.quorum());
    own.put("akka.cluster.roles", Membership.roles(settings.labels(), settings.weight()));
    settings
        .tls()
        .ifPresent(
            tls -> {
              String engine = "akka.remote.artery.ssl.";
              own.put(engine + "ssl-engine-provider", Certificates.class.getName());
              own.put(engine + "rotating-keys-engine.cert-file", tls.cert());
              own.put(engine + "rotating-keys-engine.key-file", tls.key());
              own.put(engine + "rotating-keys-engine.ca-cert-file", tls.ca());
            });
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, Object> one : own.entrySet()) {
      config = config.withValue(one.getKey(), ConfigValueFactory.fromAnyRef(one.getValue()));
    }
    return config
        .withFallback(ConfigFactory.parseString(settings.profile() == Profile.FAST ? FAST : SAFE))
        .withFallback(ConfigFactory.parseString(SETTINGS))
        .withFallback(reference())
        .resolve();
  }

  private static Config reference() {
    ClassLoader loader = ClusterConfig.class.getClassLoader();
    Config packaged = ConfigFactory.parseResources(loader, REFERENCE);
    return packaged.isEmpty() ? ConfigFactory.defaultReference(loader) : packaged;
  }

  /** From the last change of who is reachable to the downing of those who are not. */
  static Duration stableAfter(Profile profile) {
    return Duration.ofSeconds(profile == Profile.FAST ? 2 : 10);
  }

  /**
   * How long a node that was put out may need to notice it: both sides count from moments that
   * differ by the spread of failure detection.
   */
  static Duration margin(Profile profile) {
    return Duration.ofMillis(profile == Profile.FAST ? 500 : 5000);
  }

  /**
   * The longest pause that can't have cost a node its relays: shorter than detection and {@link
   * #stableAfter} together.
   */
  static Duration longestPause(Profile profile) {
    return Duration.ofMillis(profile == Profile.FAST ? 2500 : 8000);
  }
}
