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
   * Where the left address listens. Fails with what has failed when the relay ends without, and
   * with {@link UnsupportedOperationException} for an address that is neither an Internet address
   * nor a UNIX path.
   */
  public CompletionStage<SocketAddress> boundAddress() {
    return events.bound().copy();
  }

  /** The numbers of the sessions that are alive. */
  public Set<Long> sessions() {
    return events.sessions();
  }

  /**
   * What holds now, as the events that made it so, then what happens; completes with the relay. A
   * reader that is 1,024 events behind loses those that come meanwhile.
   */
  public Source<RelayEvent, NotUsed> events() {
    return events.source();
  }

  /** Completed when the relay has ended. */
  public CompletionStage<Outcome> ended() {
    return events.ended().copy();
  }

  /** Takes no more connections, lets the sessions end by themselves, then ends. */
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
