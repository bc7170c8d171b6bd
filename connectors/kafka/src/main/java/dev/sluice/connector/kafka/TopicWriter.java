package dev.sluice.connector.kafka;

import akka.Done;
import akka.NotUsed;
import akka.kafka.ProducerMessage;
import akka.kafka.ProducerMessage.Envelope;
import akka.kafka.ProducerSettings;
import akka.kafka.javadsl.Producer;
import akka.kafka.javadsl.SendProducer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.FarSink;
import dev.sluice.connector.kit.Message;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.option.Options;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Blocks as messages of a topic. Done once the brokers have confirmed all. */
final class TopicWriter {
  /** Bytes that may be on their way to the brokers: half of what the client can hold. */
  private static final int UNDERWAY = 32 << 20;

  private static final int MOST_BLOCKS = 256;

  private final Settings settings;
  private final Options options;
  private final int blockSize;
  private final byte @Nullable [] key;
  private final @Nullable Integer partition;

  TopicWriter(Settings settings, int blockSize) {
    this.settings = settings;
    this.options = settings.options();
    this.blockSize = blockSize;
    this.key = options.find(KafkaOptions.KEY).map(TopicWriter::bytes).orElse(null);
    this.partition = options.find(KafkaOptions.PARTITION).orElse(null);
    options.all(KafkaOptions.HEADER).forEach(header -> Settings.name("header", header));
  }

  private static byte[] bytes(Object text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The sink of one session.
   *
   * @param oneByOne whether the next block is asked for only when the one before is confirmed
   */
  Sink<ByteString, CompletionStage<Done>> sink(boolean oneByOne) {
    int blocks = Math.max(4, Math.min(MOST_BLOCKS, UNDERWAY / Math.max(1, blockSize)));
    ProducerSettings<byte[], byte[]> producer =
        ProducerSettings.create(
                ConnectorSystem.get().classicSystem(),
                new ByteArraySerializer(),
                new ByteArraySerializer())
            .withProperties(settings.producer())
            .withParallelism(blocks);
    Flow<ByteString, Envelope<byte[], byte[], NotUsed>, NotUsed> records =
        Flow.of(ByteString.class)
            .via(new MessageSplitter(settings.framing(), settings.largest()))
            .map(this::records);
    return oneByOne ? confirmed(records, producer) : pipelined(records, producer);
  }

  /** Many blocks are on their way, in order: Alpakka's stage, which runs in its own system. */
  private static Sink<ByteString, CompletionStage<Done>> pipelined(
      Flow<ByteString, Envelope<byte[], byte[], NotUsed>, NotUsed> records,
      ProducerSettings<byte[], byte[]> producer) {
    return records.toMat(
        FarSink.of(
            Flow.<Envelope<byte[], byte[], NotUsed>>create()
                .via(Producer.flexiFlow(producer))
                .toMat(Sink.ignore(), Keep.right())),
        Keep.right());
  }

  /** One block is on its way. Of several the sender would not keep the order. */
  private static Sink<ByteString, CompletionStage<Done>> confirmed(
      Flow<ByteString, Envelope<byte[], byte[], NotUsed>, NotUsed> records,
      ProducerSettings<byte[], byte[]> producer) {
    SendProducer<byte[], byte[]> sender = new SendProducer<>(producer, ConnectorSystem.get());
    return records
        .mapAsync(1, sender::sendEnvelope)
        .toMat(Sink.ignore(), Keep.right())
        .mapMaterializedValue(done -> closing(sender, done));
  }

  /** The client is closed in any case; what counts is whether all was confirmed. */
  private static CompletionStage<Done> closing(
      SendProducer<?, ?> sender, CompletionStage<Done> done) {
    CompletableFuture<Done> closed = new CompletableFuture<>();
    done.whenComplete(
        (value, failure) ->
            sender
                .close()
                .whenComplete(
                    (end, problem) -> {
                      if (failure == null) {
                        closed.complete(value);
                      } else {
                        closed.completeExceptionally(failure);
                      }
                    }));
    return closed;
  }

  private Envelope<byte[], byte[], NotUsed> records(List<Message> messages) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(messages.size());
    for (Message message : messages) {
      records.add(record(message));
    }
    return ProducerMessage.multi(records, NotUsed.getInstance());
  }

  private ProducerRecord<byte[], byte[]> record(Message message) {
    Map<String, Object> facts = message.facts();
    Object ownKey = facts.get("key");
    Object ownPartition = facts.get("partition");
    RecordHeaders headers = new RecordHeaders();
    for (String header : options.all(KafkaOptions.HEADER)) {
      headers.add(Settings.name("header", header), bytes(Settings.value(header)));
    }
    if (facts.get("headers") instanceof Map<?, ?> own) {
      own.forEach((name, value) -> headers.add(name.toString(), bytes(value)));
    }
    return new ProducerRecord<>(
        settings.target(),
        ownPartition instanceof Number number && partition == null
            ? (Integer) number.intValue()
            : partition,
        ownKey == null ? key : bytes(ownKey),
        message.payload().toArrayUnsafe(),
        headers);
  }
}
