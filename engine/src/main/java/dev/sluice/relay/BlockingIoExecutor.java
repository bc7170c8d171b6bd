package dev.sluice.relay;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Threads for what may block: as many as there is work for, each kept for a minute after its last.
 */
public final class BlockingIoExecutor extends ExecutorServiceConfigurator {
  /** Called by Akka, from the configuration of the dispatcher. */
  public BlockingIoExecutor(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
    return () -> Executors.newCachedThreadPool(threads);
  }
}
