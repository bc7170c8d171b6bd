package dev.sluice.relay;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.stream.javadsl.Source;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A relay that was started. Thread-safe. */
public final class RelayHandle {
  private final ActorRef<RelayCommand> actor;
  private final RelayEvents events;

  RelayHandle(ActorRef<RelayCommand> actor, RelayEvents events) {
    this.actor = actor;
    this.events = events;
  }

  /** The supervisor itself. */
  public ActorRef<RelayCommand> actor() {
    return actor;
  }

  /**
   * The address that the left side listens on. Fails with the relay's own failure if the relay ends
   * before it listens, and with {@link UnsupportedOperationException} for an address that is
   * neither an Internet address nor a UNIX path.
   */
  public CompletionStage<SocketAddress> boundAddress() {
    return events.bound().copy();
  }

  /** The numbers of the sessions that are alive. */
  public Set<Long> sessions() {
    return events.sessions();
  }

  /**
   * First the present state, as the events that led to it, then all new events; completes when the
   * relay ends. A reader that is 1,024 events behind loses events until it has caught up.
   */
  public Source<RelayEvent, NotUsed> events() {
    return events.source();
  }

  /** Completed when the relay has ended. */
  public CompletionStage<Outcome> ended() {
    return events.ended().copy();
  }

  /** Accepts no more connections, waits for the sessions to end on their own, then ends. */
  public CompletionStage<Outcome> drain() {
    actor.tell(RelayCommand.Drain.NOW);
    return ended();
  }

  /** Ends all sessions, then the relay. */
  public CompletionStage<Outcome> stop() {
    actor.tell(RelayCommand.Stop.NOW);
    return ended();
  }
}
