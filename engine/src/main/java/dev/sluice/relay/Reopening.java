package dev.sluice.relay;

import akka.actor.Cancellable;
import akka.actor.typed.javadsl.ActorContext;
import dev.sluice.option.Options;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a supervisor opens its address once more: after a run that its restart policy does not take
 * for the last one, and, where a connecting address forks, for the next connection. Used on the
 * supervisor's thread only.
 */
final class Reopening {
  private final ActorContext<RelayCommand> context;
  private final RetryPolicy policy;
  private final RestartBudget restarts;
  private @Nullable Cancellable connecting;

  /**
   * Nothing is planned yet.
   *
   * @param options of the address
   */
  Reopening(ActorContext<RelayCommand> context, Options options, RelaySettings settings) {
    this.context = context;
    this.policy = RetryPolicy.of(options);
    this.restarts = new RestartBudget(settings.restart(options), System::nanoTime);
  }

  /** Whether the relay begins again after that end. */
  boolean grants(Outcome end) {
    return restarts.grants(end);
  }

  /** Has the supervisor restart, later the more runs have failed in a row. */
  void restart() {
    schedule(policy.delay(restarts.failuresInARow()), SupervisorCommand.Notice.RESTART);
  }

  /** Has the supervisor connect again after the address's interval. */
  void connectLater() {
    connecting = schedule(policy.interval(), SupervisorCommand.Notice.CONNECT_AGAIN);
  }

  /** Ends the wait for the next connection; false if there was none. */
  boolean stopWaiting() {
    if (connecting == null) {
      return false;
    }
    connecting.cancel();
    connecting = null;
    return true;
  }

  private Cancellable schedule(Duration delay, SupervisorCommand.Notice notice) {
    return context.scheduleOnce(delay, context.getSelf(), notice);
  }
}
