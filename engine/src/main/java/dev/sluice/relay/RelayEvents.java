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
  private @Nullable Outcome outcome;

  @Override
  public void accept(RelayEvent event) {
    List<Consumer<RelayEvent>> told;
    synchronized (this) {
      if (event instanceof RelayEvent.SessionStarted started) {
        sessions.add(started.session());
      } else if (event instanceof RelayEvent.SessionEnded over) {
        sessions.remove(over.session());
      } else if (event instanceof RelayEvent.Ended end) {
        outcome = end.outcome();
      }
      told = List.copyOf(watchers);
    }
    told.forEach(watcher -> watcher.accept(event));
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

  /** Events from now on; of a watcher that is too slow the oldest are dropped. */
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
              Outcome over;
              synchronized (this) {
                over = outcome;
                watchers.add(watcher);
              }
              if (over != null) {
                watcher.accept(new RelayEvent.Ended(over));
              }
              return NotUsed.getInstance();
            });
  }
}
