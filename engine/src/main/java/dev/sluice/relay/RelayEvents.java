package dev.sluice.relay;

import akka.NotUsed;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import akka.stream.javadsl.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a relay has done so far, and what follows from it. Thread-safe. */
final class RelayEvents implements Consumer<RelayEvent> {
  private static final int BUFFER = 1024;

  private final CompletableFuture<String> bound = new CompletableFuture<>();
  private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
  private final Set<Long> sessions = new LinkedHashSet<>();
  private final List<BoundedSourceQueue<RelayEvent>> watchers = new ArrayList<>();
  private RelayEvent.@Nullable Listening listening;
  private @Nullable Outcome outcome;

  @Override
  public void accept(RelayEvent event) {
    synchronized (this) {
      if (event instanceof RelayEvent.Listening begun) {
        listening = begun;
      } else if (event instanceof RelayEvent.SessionStarted started) {
        sessions.add(started.session());
      } else if (event instanceof RelayEvent.SessionEnded over) {
        sessions.remove(over.session());
      } else if (event instanceof RelayEvent.Ended end) {
        outcome = end.outcome();
      }
      watchers.removeIf(watcher -> !tell(watcher, event));
    }
    if (event instanceof RelayEvent.Listening listening) {
      bound.complete(listening.address());
    } else if (event instanceof RelayEvent.Ended end) {
      bound.completeExceptionally(new IllegalStateException("the relay ended without listening"));
      ended.complete(end.outcome());
    }
  }

  CompletableFuture<String> bound() {
    return bound;
  }

  CompletableFuture<Outcome> ended() {
    return ended;
  }

  synchronized Set<Long> sessions() {
    return Set.copyOf(sessions);
  }

  /** Whether somebody still takes from it. */
  private static boolean tell(BoundedSourceQueue<RelayEvent> watcher, RelayEvent event) {
    QueueOfferResult taken = watcher.offer(event);
    if (event instanceof RelayEvent.Ended) {
      watcher.complete();
    }
    return taken.equals(QueueOfferResult.enqueued()) || taken.equals(QueueOfferResult.dropped());
  }

  /** How many streams of events are told of the next one. */
  synchronized int watcherCount() {
    return watchers.size();
  }

  /**
   * What holds now, as the events that made it so, then all that follows. Of a watcher that is too
   * slow events are dropped.
   */
  Source<RelayEvent, NotUsed> source() {
    return Source.<RelayEvent>queue(BUFFER)
        .mapMaterializedValue(
            queue -> {
              synchronized (this) {
                if (listening != null) {
                  tell(queue, listening);
                }
                sessions.forEach(id -> tell(queue, new RelayEvent.SessionStarted(id)));
                if (outcome != null) {
                  tell(queue, new RelayEvent.Ended(outcome));
                }
                watchers.add(queue);
              }
              return NotUsed.getInstance();
            });
  }
}
