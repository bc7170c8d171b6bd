package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.ConnectionEnds;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import java.time.Instant;
import java.util.Optional;

/** What a supervisor tells its watcher. A watcher that throws hurts only itself. */
final class SupervisorEvents {
  private final RelayWatcher watcher;
  private final RelayLog log;

  SupervisorEvents(RelayWatcher watcher, RelayLog log) {
    this.watcher = watcher;
    this.log = log;
  }

  boolean followsSessions() {
    return watcher.followsSessions();
  }

  void tell(RelayEvent event) {
    try {
      watcher.happened(event);
    } catch (RuntimeException e) {
      log.warning("who is told of " + event + " has failed: " + e);
    }
  }

  /** The event of a session that begins; asks its channel, so that must be open still. */
  RelayEvent started(long session, Channel channel) {
    ConnectionEnds ends =
        followsSessions() && channel instanceof Endpoint endpoint ? endpoint.ends() : null;
    return new RelayEvent.SessionStarted(
        session,
        ends == null ? Optional.empty() : ends.peer().toSocketAddress(),
        ends == null ? Optional.empty() : ends.local().toSocketAddress(),
        Instant.now());
  }
}
