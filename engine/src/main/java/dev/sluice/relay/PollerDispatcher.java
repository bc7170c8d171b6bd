package dev.sluice.relay;

import akka.actor.typed.ActorSystem;
import akka.dispatch.DispatcherConfigurator;
import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.Dispatchers;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sluice.os.Poller;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An Akka dispatcher that runs actors on a poller's thread.
 *
 * <p>A session's actor runs where its descriptors are watched, so what a poller tells it needs no
 * other thread to be woken: a connection that comes, is served and goes takes eight wake-ups less
 * than on the default dispatcher. The price is that such actors must never block.
 */
final class PollerDispatcher {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private PollerDispatcher() {}

  /** Registers a dispatcher for a poller; returns the name to look it up with. */
  static String register(ActorSystem<?> system, Poller poller) {
    String id = "sluice.poller-" + COUNT.incrementAndGet();
    Dispatchers dispatchers = system.classicSystem().dispatchers();
    Config config =
        ConfigFactory.parseMap(Map.of("id", id))
            .withFallback(system.settings().config().getConfig("akka.actor.default-dispatcher"));
    DispatcherPrerequisites prerequisites = dispatchers.prerequisites();
    // A captured variable is set before the constructor above it runs, which asks for the executor;
    // a field would not be.
    dispatchers.registerConfigurator(
        id,
        new DispatcherConfigurator(config, prerequisites) {
          @Override
          public ExecutorServiceConfigurator configureExecutor() {
            return new ExecutorServiceConfigurator(config, prerequisites) {
              @Override
              public ExecutorServiceFactory createExecutorServiceFactory(
                  String name, ThreadFactory threads) {
                return () -> new PollerExecutor(poller);
              }
            };
          }
        });
    return id;
  }

  /** Tasks for a poller's thread. The poller outlives it: shutting down only refuses more. */
  private static final class PollerExecutor extends AbstractExecutorService {
    private final Poller poller;
    private volatile boolean shutdown;

    PollerExecutor(Poller poller) {
      this.poller = poller;
    }

    @Override
    public void execute(Runnable task) {
      poller.execute(task);
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }
}
