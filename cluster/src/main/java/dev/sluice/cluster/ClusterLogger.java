package dev.sluice.cluster;

import akka.actor.AbstractActor;
import akka.event.Logging;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;

/** Hands on what Akka logs to the log of the fleet. */
public final class ClusterLogger extends AbstractActor {
  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(
            Logging.InitializeLogger.class,
            any -> getSender().tell(Logging.loggerInitialized(), getSelf()))
        .match(Logging.Error.class, event -> write(Severity.WARNING, event))
        .match(Logging.Warning.class, event -> write(Severity.WARNING, event))
        .match(Logging.Info.class, event -> write(Severity.INFO, event))
        .matchAny(other -> {})
        .build();
  }

  private static void write(Severity severity, Logging.LogEvent event) {
    StringBuilder text = new StringBuilder("cluster: ").append(event.message());
    if (event instanceof Logging.Error error && error.cause() != null) {
      for (Throwable cause = error.cause(); cause != null; cause = cause.getCause()) {
        text.append(": ").append(cause);
      }
    }
    String line = text.toString();
    if (severity == Severity.WARNING) {
      RelayLog.ofProcess().warning(line);
    } else {
      RelayLog.ofProcess().info("%s", line);
    }
  }
}
