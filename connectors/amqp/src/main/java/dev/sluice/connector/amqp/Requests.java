package dev.sluice.connector.amqp;

import akka.Done;
import akka.stream.alpakka.amqp.WriteMessage;
import akka.stream.alpakka.amqp.javadsl.CommittableReadResult;
import akka.util.ByteString;
import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Requests that were read, in their order, until the broker has their answers: only then are they
 * acknowledged. So there are at most as many as option {@code prefetch} says. Thread-safe.
 */
final class Requests {
  private final Queue<CommittableReadResult> unanswered = new ConcurrentLinkedQueue<>();
  private final Queue<CommittableReadResult> unconfirmed = new ConcurrentLinkedQueue<>();

  /** A request goes to the other side. */
  void came(CommittableReadResult request) {
    unanswered.add(request);
  }

  /**
   * The answer to the oldest request; none where its sender wants none, which is acknowledged.
   *
   * @throws IllegalStateException when no request waits
   */
  List<WriteMessage> answer(ByteString payload) {
    CommittableReadResult request = unanswered.poll();
    if (request == null) {
      throw new IllegalStateException("an answer without a request");
    }
    BasicProperties asked = request.message().properties();
    if (asked.getReplyTo() == null) {
      request.ack(false);
      return List.of();
    }
    unconfirmed.add(request);
    return List.of(
        WriteMessage.create(payload)
            .withRoutingKey(asked.getReplyTo())
            .withProperties(
                new BasicProperties.Builder().correlationId(asked.getCorrelationId()).build()));
  }

  /** The broker has the oldest of the answers. */
  CompletionStage<Done> confirmed() {
    return unconfirmed.remove().ack(false);
  }
}
