package dev.sluice.fleet.admin;

import akka.NotUsed;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import akka.stream.javadsl.Source;
import dev.sluice.fleet.run.FleetEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The last things that happened in a fleet, each with a number, and those who wait for the next.
 * Thread-safe; nobody waits for a slow reader, who then finds a gap in the numbers.
 */
public final class EventLog implements Consumer<FleetEvent> {
  private static final int KEPT = 1000;
  private static final int BUFFER = KEPT + 256;

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final List<BoundedSourceQueue<Entry>> readers = new ArrayList<>();
  private long last;

  /** One event. */
  public record Entry(long number, Instant time, FleetEvent event) {}

  @Override
  public synchronized void accept(FleetEvent event) {
    Entry entry = new Entry(++last, Instant.now(), event);
    entries.addLast(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
    readers.removeIf(reader -> !offered(reader, entry));
  }

  private static boolean offered(BoundedSourceQueue<Entry> reader, Entry entry) {
    QueueOfferResult result = reader.offer(entry);
    return result.equals(QueueOfferResult.enqueued()) || result.equals(QueueOfferResult.dropped());
  }

  /** What is kept of those after that number. */
  public synchronized List<Entry> after(long number) {
    return entries.stream().filter(entry -> entry.number() > number).toList();
  }

  /** What is kept of those after that number, then all that follow. */
  public Source<Entry, NotUsed> follow(long number) {
    return Source.<Entry>queue(BUFFER)
        .mapMaterializedValue(
            queue -> {
              synchronized (this) {
                after(number).forEach(entry -> offered(queue, entry));
                readers.add(queue);
              }
              return NotUsed.getInstance();
            });
  }
}
