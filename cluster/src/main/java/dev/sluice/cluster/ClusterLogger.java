package dev.sluice.cluster;

import akka.actor.AbstractActor;
import akka.event.Logging;

/** Hands on what Akka warns of to the log of the fleet. */
public final class ClusterLogger extends AbstractActor {
  private static final SeldomLog LOG = new SeldomLog();

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(
            Logging.InitializeLogger.class,
            any -> getSender().tell(Logging.loggerInitialized(), getSelf()))
        .match(Logging.Error.class, this::write)
        .match(Logging.Warning.class, this::write)
        .matchAny(other -> {})
        .build();
  }

  private void write(Logging.LogEvent event) {
    StringBuilder text = new StringBuilder("cluster: ").append(event.message());
    if (event instanceof Logging.Error error) {
      for (Throwable cause = error.cause(); cause != null; cause = cause.getCause()) {
        text.append(": ").append(cause);
      }
    }
    LOG.warning(text.toString());
  }
}
