package dev.sluice.connector.amqp;

import akka.Done;
import akka.stream.alpakka.amqp.AmqpWriteSettings;
import akka.stream.alpakka.amqp.WriteResult;
import akka.stream.alpakka.amqp.javadsl.AmqpFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import dev.sluice.connector.kit.BlockSink;
import dev.sluice.connector.kit.FarSink;
import dev.sluice.connector.kit.Message;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.option.Options;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Blocks as messages of a queue or an exchange. Done once the broker has confirmed all. */
final class QueueWriter {
  /** Bytes that may wait for the broker's confirmation, and how many blocks at most. */
  private static final int UNCONFIRMED = 4 << 20;

  private static final int MOST_BLOCKS = 256;

  /** Answers that may wait for the broker's confirmation. */
  private static final int ANSWERS = 1000;

  private static final Duration CONFIRMATION = Duration.ofMinutes(2);

  private final Queue queue;
  private final Options options;

  QueueWriter(Queue queue) {
    this.queue = queue;
    this.options = queue.options();
  }

  /**
   * The sink of one session.
   *
   * @param oneByOne whether the next block is asked for only when the one before is confirmed
   */
  Sink<ByteString, CompletionStage<Done>> sink(Publisher publisher, boolean oneByOne) {
    int blocks = Math.max(4, Math.min(MOST_BLOCKS, UNCONFIRMED / queue.blockSize()));
    return MessageSplitter.blocks(options)
        .toMat(
            oneByOne
                ? BlockSink.oneByOne(publisher::publish)
                : BlockSink.of(blocks, publisher::publish),
            Keep.right());
  }

  /** The sink of a session that answers requests. */
  Sink<ByteString, CompletionStage<Done>> answers(Requests requests) {
    return MessageSplitter.messages(options)
        .toMat(
            FarSink.of(
                Flow.of(Message.class)
                    .mapConcat(message -> requests.answer(message.payload()))
                    .via(AmqpFlow.createWithConfirm(settings()))
                    .map(QueueWriter::checked)
                    .mapAsync(1, sent -> requests.confirmed())
                    .toMat(Sink.ignore(), Keep.right())),
            Keep.right());
  }

  /** To the queue that each request names. */
  private AmqpWriteSettings settings() {
    return AmqpWriteSettings.create(queue.provider())
        .withExchange("")
        .withBufferSize(ANSWERS)
        .withConfirmationTimeout(CONFIRMATION);
  }

  private static WriteResult checked(WriteResult result) {
    if (result.rejected()) {
      throw Publisher.refused();
    }
    return result;
  }
}
