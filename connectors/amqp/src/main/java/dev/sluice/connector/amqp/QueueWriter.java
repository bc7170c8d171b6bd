package dev.sluice.connector.amqp;

import akka.Done;
import akka.stream.alpakka.amqp.AmqpWriteSettings;
import akka.stream.alpakka.amqp.WriteMessage;
import akka.stream.alpakka.amqp.WriteResult;
import akka.stream.alpakka.amqp.javadsl.AmqpFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import dev.sluice.connector.kit.FarSink;
import dev.sluice.connector.kit.Message;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.option.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** Blocks as messages of a queue or an exchange. Done once the broker has confirmed all. */
final class QueueWriter {
  /** Messages that may wait for the broker's confirmation. */
  private static final int UNCONFIRMED = 1000;

  private static final Duration CONFIRMATION = Duration.ofMinutes(2);

  private final Queue queue;
  private final Options options;
  private final String exchange;
  private final String routingKey;

  QueueWriter(Queue queue) {
    this.queue = queue;
    this.options = queue.options();
    this.exchange = options.get(AmqpOptions.EXCHANGE, "");
    this.routingKey = options.get(AmqpOptions.ROUTING_KEY, queue.place().name());
  }

  /**
   * The sink of one session.
   *
   * @param oneByOne whether the next block is asked for only when the one before is confirmed
   */
  Sink<ByteString, CompletionStage<Done>> sink(boolean oneByOne) {
    return MessageSplitter.messages(options)
        .toMat(oneByOne ? confirmed() : pipelined(), Keep.right());
  }

  /** The sink of a session that answers requests. */
  Sink<ByteString, CompletionStage<Done>> answers(Requests requests) {
    return MessageSplitter.messages(options)
        .toMat(
            FarSink.of(
                Flow.of(Message.class)
                    .mapConcat(message -> requests.answer(message.payload()))
                    .via(AmqpFlow.createWithConfirm(settings("")))
                    .map(QueueWriter::checked)
                    .mapAsync(1, sent -> requests.confirmed())
                    .toMat(Sink.ignore(), Keep.right())),
            Keep.right());
  }

  private AmqpWriteSettings settings(String to) {
    return AmqpWriteSettings.create(queue.provider())
        .withExchange(to)
        .withRoutingKey(routingKey)
        .withBufferSize(UNCONFIRMED)
        .withConfirmationTimeout(CONFIRMATION);
  }

  private Sink<Message, CompletionStage<Done>> pipelined() {
    return FarSink.of(
        Flow.of(Message.class)
            .map(
                message ->
                    WriteMessage.create(message.payload())
                        .withRoutingKey(message.fact("routingKey", routingKey)))
            .via(AmqpFlow.createWithConfirm(settings(exchange)))
            .map(QueueWriter::checked)
            .toMat(Sink.ignore(), Keep.right()));
  }

  private static WriteResult checked(WriteResult result) {
    if (result.rejected()) {
      throw new IllegalStateException("the broker did not take a message");
    }
    return result;
  }

  /** Alpakka's stage would ask for more while a message waits for its confirmation. */
  private Sink<Message, CompletionStage<Done>> confirmed() {
    CompletableFuture<Channel> channel =
        CompletableFuture.supplyAsync(this::confirmingChannel, queue.blocking());
    return Flow.of(Message.class)
        .mapAsync(
            1, message -> channel.thenApplyAsync(open -> write(open, message), queue.blocking()))
        .toMat(Sink.ignore(), Keep.right());
  }

  private Channel confirmingChannel() {
    try {
      Channel channel = queue.connection().createChannel();
      channel.confirmSelect();
      return channel;
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private Done write(Channel channel, Message message) {
    try {
      channel.basicPublish(
          exchange,
          message.fact("routingKey", routingKey),
          MessageProperties.MINIMAL_BASIC,
          message.payload().toArrayUnsafe());
      channel.waitForConfirmsOrDie(CONFIRMATION.toMillis());
      return Done.getInstance();
    } catch (IOException | TimeoutException e) {
      throw new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }
}
