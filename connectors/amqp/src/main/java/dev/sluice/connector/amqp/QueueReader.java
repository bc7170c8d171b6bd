package dev.sluice.connector.amqp;

import akka.Done;
import akka.NotUsed;
import akka.stream.alpakka.amqp.NamedQueueSourceSettings;
import akka.stream.alpakka.amqp.javadsl.AmqpSource;
import akka.stream.alpakka.amqp.javadsl.CommittableReadResult;
import akka.stream.javadsl.AsPublisher;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.rabbitmq.client.Envelope;
import dev.sluice.connector.kit.Acknowledging;
import dev.sluice.connector.kit.Acknowledging.Delivery;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.Message;
import dev.sluice.endpoint.Boundary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The messages of a queue as blocks, which are acknowledged once they were taken. */
final class QueueReader {
  /** Messages are joined up to this many bytes while a stream of bytes takes none. */
  private static final long BATCH = 65536;

  private final Queue queue;
  private final Framing framing;

  QueueReader(Queue queue) {
    this.queue = queue;
    this.framing = queue.options().get(Framing.OPTION, Framing.RAW);
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
    int prefetch = Math.max(1, queue.options().get(AmqpOptions.PREFETCH, 100));
    boolean withFacts = framing == Framing.JSON;
    long end = ends ? queue.messages() : Long.MAX_VALUE;
    Source<Read, NotUsed> read =
        AmqpSource.committableSource(
                NamedQueueSourceSettings.create(queue.provider(), queue.place().name())
                    .withAckRequired(true),
                prefetch)
            .zipWithIndex()
            .map(pair -> new Read(pair.first(), pair.second() + 1))
            .filter(one -> one.number <= end);
    Source<Batch, NotUsed> batches =
        other == Boundary.STREAM
            ? read.batchWeighted(
                BATCH,
                one -> one.result.message().bytes().length() + 1L,
                one -> new Batch(one, withFacts),
                (batch, one) -> batch.add(one, withFacts))
            : read.map(one -> new Batch(one, withFacts));
    return Source.fromPublisher(
            batches.runWith(
                Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), ConnectorSystem.materializer()))
        .map(
            batch ->
                new Delivery<>(framing.join(batch.messages), batch, batch.newest.number >= end))
        .via(
            new Acknowledging<>(
                QueueReader::acknowledge, () -> CompletableFuture.completedStage(null)));
  }

  /** All messages up to the newest, by one frame. */
  private static CompletionStage<Done> acknowledge(List<Batch> taken) {
    return taken.get(taken.size() - 1).newest.result.ack(true);
  }
}
