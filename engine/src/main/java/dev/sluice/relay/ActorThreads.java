package dev.sluice.relay;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ForkJoinExecutorConfigurator;
import com.typesafe.config.Config;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadFactory;

/**
 * The threads of Akka's dispatchers in a process that is there for relays. They are those of {@code
 * fork-join-executor}, but what an actor throws that ends its thread goes to the process's handler
 * where it has one ({@link Thread#setDefaultUncaughtExceptionHandler}). Akka's own would end the
 * process with status 255, and what must be undone would stay.
 */
final class ActorThreads extends ForkJoinExecutorConfigurator {
  /** As Akka makes it, by its name in the configuration. */
  ActorThreads(Config config, DispatcherPrerequisites prerequisites) {
    super(config.getConfig("fork-join-executor"), prerequisites);
  }

  @Override
  public ForkJoinWorkerThreadFactory validate(ThreadFactory factory) {
    ForkJoinWorkerThreadFactory ofAkka = super.validate(factory);
    return pool -> {
      ForkJoinWorkerThread thread = ofAkka.newThread(pool);
      Thread.UncaughtExceptionHandler ofProcess = Thread.getDefaultUncaughtExceptionHandler();
      if (ofProcess != null) {
        thread.setUncaughtExceptionHandler(ofProcess);
      }
      return thread;
    };
  }
}
