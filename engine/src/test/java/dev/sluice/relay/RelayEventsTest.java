package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RelayEventsTest {

  @Test
  void forgetsWhoNoLongerWatches() throws Exception {
    ActorSystem system = ActorSystem.create("events");
    try {
      RelayEvents events = new RelayEvents();
      events.happened(new RelayEvent.Listening("somewhere", Optional.empty()));
      for (int i = 0; i < 5; i++) {
        events
            .source()
            .take(1)
            .runWith(Sink.ignore(), system)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      long session = 0;
      while (events.watcherCount() > 0 && System.nanoTime() < end) {
        events.happened(
            new RelayEvent.SessionStarted(
                ++session, Optional.empty(), Optional.empty(), Instant.EPOCH));
        Thread.onSpinWait();
      }
      assertEquals(0, events.watcherCount());
    } finally {
      system.terminate();
    }
  }

  @Test
  void endsAlthoughAWatcherHasLeft() throws Exception {
    ActorSystem system = ActorSystem.create("left");
    try {
      RelayEvents events = new RelayEvents();
      events.happened(
          new RelayEvent.SessionStarted(1, Optional.empty(), Optional.empty(), Instant.EPOCH));
      events
          .source()
          .take(1)
          .runWith(Sink.ignore(), system)
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      events.happened(new RelayEvent.Ended(Outcome.OK));
      assertEquals(Outcome.OK, events.ended().get(30, TimeUnit.SECONDS));
    } finally {
      system.terminate();
    }
  }
}
