package dev.sluice.relay;

import akka.NotUsed;
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
  private final List<Consumer<RelayEvent>> watchers = new ArrayList<>();
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
      watchers.forEach(watcher -> watcher.accept(event));
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

  /**
   * What holds now, as the events that made it so, then all that follows. Of a watcher that is too
   * slow events are dropped.
   */
  Source<RelayEvent, NotUsed> source() {
    return Source.<RelayEvent>queue(BUFFER)
        .mapMaterializedValue(
            queue -> {
              Consumer<RelayEvent> watcher =
                  event -> {
                    queue.offer(event);
                    if (event instanceof RelayEvent.Ended) {
                      queue.complete();
                    }
                  };
              synchronized (this) {
                if (listening != null) {
                  watcher.accept(listening);
                }
                sessions.forEach(id -> watcher.accept(new RelayEvent.SessionStarted(id)));
                if (outcome != null) {
                  watcher.accept(new RelayEvent.Ended(outcome));
                }
                watchers.add(watcher);
              }
              return NotUsed.getInstance();
            });
  }
}
