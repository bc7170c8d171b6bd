package dev.sluice.relay;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.sluice.log.RelayLog;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a relay has done so far, and what follows from it. Thread-safe. */
final class RelayEvents implements RelayWatcher {
  private static final int BUFFER = 1024;

  private final CompletableFuture<SocketAddress> bound = new CompletableFuture<>();
  private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
  private final Map<Long, RelayEvent.SessionStarted> sessions = new LinkedHashMap<>();
  private final Map<Long, RelayEvent.TransferStarted> transfers = new LinkedHashMap<>();
  private final List<BoundedSourceQueue<RelayEvent>> watchers = new ArrayList<>();
  private RelayEvent.@Nullable Listening listening;
  private @Nullable Outcome outcome;

  @Override
  public void happened(RelayEvent event) {
    synchronized (this) {
      if (event instanceof RelayEvent.Listening begun) {
        listening = begun;
      } else if (event instanceof RelayEvent.SessionStarted started) {
        sessions.put(started.session(), started);
      } else if (event instanceof RelayEvent.TransferStarted moving) {
        transfers.put(moving.session(), moving);
      } else if (event instanceof RelayEvent.SessionEnded over) {
        sessions.remove(over.session());
        transfers.remove(over.session());
      } else if (event instanceof RelayEvent.Ended end) {
        outcome = end.outcome();
      }
      watchers.removeIf(watcher -> !tell(watcher, event));
    }
    if (event instanceof RelayEvent.Listening listening) {
      listening
          .address()
          .ifPresentOrElse(
              bound::complete,
              () ->
                  bound.completeExceptionally(
                      new UnsupportedOperationException(
                          "not an Internet address or UNIX path: " + listening.text())));
    } else if (event instanceof RelayEvent.Ended end) {
      bound.completeExceptionally(
          end.outcome()
              .cause()
              .orElseGet(() -> new IllegalStateException("the relay ended without listening")));
      ended.complete(end.outcome());
    }
  }

  CompletableFuture<SocketAddress> bound() {
    return bound;
  }

  CompletableFuture<Outcome> ended() {
    return ended;
  }

  synchronized Set<Long> sessions() {
    return Set.copyOf(sessions.keySet());
  }

  /** Has somebody told of all that follows, on a thread of the actor system. */
  void feed(Consumer<RelayEvent> watcher, ActorSystem<?> system) {
    source()
        .map(
            event -> {
              try {
                watcher.accept(event);
              } catch (RuntimeException e) {
                RelayLog.ofProcess().warning("who is told of " + event + " has failed: " + e);
              }
              return event;
            })
        .runWith(Sink.ignore(), system);
  }

  /** Whether somebody still takes from it. */
  private static boolean tell(BoundedSourceQueue<RelayEvent> watcher, RelayEvent event) {
    QueueOfferResult taken = watcher.offer(event);
    if (event instanceof RelayEvent.Ended) {
      complete(watcher);
    }
    return taken.equals(QueueOfferResult.enqueued()) || taken.equals(QueueOfferResult.dropped());
  }

  private static void complete(BoundedSourceQueue<RelayEvent> watcher) {
    try {
      watcher.complete();
    } catch (IllegalStateException e) {
      // its stream has ended by itself
    }
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
                sessions.values().forEach(started -> tell(queue, started));
                transfers.values().forEach(started -> tell(queue, started));
                if (outcome != null) {
                  tell(queue, new RelayEvent.Ended(outcome));
                }
                watchers.add(queue);
              }
              return NotUsed.getInstance();
            });
  }
}
