package dev.sluice.connector.amqp;

import akka.Done;
import akka.NotUsed;
import akka.stream.alpakka.amqp.NamedQueueSourceSettings;
import akka.stream.alpakka.amqp.javadsl.AmqpSource;
import akka.stream.alpakka.amqp.javadsl.CommittableReadResult;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.rabbitmq.client.Envelope;
import dev.sluice.connector.kit.Acknowledging;
import dev.sluice.connector.kit.Acknowledging.Delivery;
import dev.sluice.connector.kit.FarSource;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.Message;
import dev.sluice.endpoint.Boundary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The messages of a queue as blocks, which are acknowledged once they were taken. */
final class QueueReader {
  /** Messages are joined up to this many bytes while a stream of bytes takes none. */
  private static final long BATCH = 65536;

  private final Queue queue;
  private final Framing framing;
  private final @Nullable Requests requests;

  /**
   * Of that queue.
   *
   * @param requests keeps the messages until they are answered; null where they want no answers
   */
  QueueReader(Queue queue, @Nullable Requests requests) {
    this.queue = queue;
    this.requests = requests;
    this.framing = Framing.of(queue.options());
  }

  /** A message with its number in the stream. */
  private record Read(CommittableReadResult result, long number) {}

  /** Messages that go to the other side in one piece. */
  private static final class Batch {
    private final List<Message> messages = new ArrayList<>();
    private Read newest;

    Batch(Read first, boolean withFacts) {
      newest = first;
      add(first, withFacts);
    }

    Batch add(Read read, boolean withFacts) {
      Envelope envelope = read.result.message().envelope();
      messages.add(
          withFacts
              ? new Message(
                  read.result.message().bytes(),
                  Map.of(
                      "exchange", envelope.getExchange(),
                      "routingKey", envelope.getRoutingKey(),
                      "redelivered", envelope.isRedeliver()))
              : Message.of(read.result.message().bytes()));
      newest = read;
      return this;
    }
  }

  Source<ByteString, NotUsed> source(Boundary other) {
    boolean ends = queue.options().isOn(AmqpOptions.EOF);
    if (ends && queue.messages() == 0) {
      return Source.empty();
    }
    long end = ends ? queue.messages() : Long.MAX_VALUE;
    Source<Batch, NotUsed> arrived = FarSource.of(batches(messages(end), other));
    if (requests != null) {
      return arrived
          .takeWhile(batch -> batch.newest.number < end, true)
          .map(batch -> framing.join(batch.messages));
    }
    return arrived
        .map(
            batch ->
                new Delivery<>(framing.join(batch.messages), batch, batch.newest.number >= end))
        .via(
            new Acknowledging<>(
                QueueReader::acknowledge, () -> CompletableFuture.completedStage(null)));
  }

  /** The queue's messages up to that number. */
  private Source<Read, NotUsed> messages(long end) {
    return AmqpSource.committableSource(
            NamedQueueSourceSettings.create(queue.provider(), queue.place().name())
                .withAckRequired(true),
            Math.max(1, queue.options().get(AmqpOptions.PREFETCH, 100)))
        .zipWithIndex()
        .map(pair -> new Read(pair.first(), pair.second() + 1))
        .filter(one -> one.number <= end)
        .map(this::noted);
  }

  /** As many as have come for a stream of bytes, one by one for a side that keeps boundaries. */
  private Source<Batch, NotUsed> batches(Source<Read, NotUsed> messages, Boundary other) {
    boolean withFacts = framing == Framing.JSON;
    return other == Boundary.STREAM
        ? messages.batchWeighted(
            BATCH,
            one -> one.result.message().bytes().length() + 1L,
            one -> new Batch(one, withFacts),
            (batch, one) -> batch.add(one, withFacts))
        : messages.map(one -> new Batch(one, withFacts));
  }

  private Read noted(Read read) {
    if (requests != null) {
      requests.came(read.result);
    }
    return read;
  }

  /** All messages up to the newest, by one frame. */
  private static CompletionStage<Done> acknowledge(List<Batch> taken) {
    return taken.get(taken.size() - 1).newest.result.ack(true);
  }
}
