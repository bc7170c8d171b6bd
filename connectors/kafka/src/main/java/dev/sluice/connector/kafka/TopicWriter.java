package dev.sluice.connector.kafka;

import akka.Done;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import dev.sluice.connector.kit.BlockSink;
import dev.sluice.connector.kit.Message;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.option.Options;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Blocks as messages of a topic. Done once the brokers have confirmed all. */
final class TopicWriter {
  /**
   * Bytes that may be on their way to the brokers. Of more, the records of small messages outlive
   * the young generation.
   */
  private static final int UNDERWAY = 2 << 20;

  private static final int MOST_BLOCKS = 256;

  private final Settings settings;
  private final Sender sender;
  private final int blockSize;
  private final byte @Nullable [] key;
  private final @Nullable Integer partition;
  private final List<String> headers;

  TopicWriter(Settings settings, Sender sender, int blockSize) {
    Options options = settings.options();
    this.settings = settings;
    this.sender = sender;
    this.blockSize = blockSize;
    this.key = options.find(KafkaOptions.KEY).map(TopicWriter::bytes).orElse(null);
    this.partition = options.find(KafkaOptions.PARTITION).orElse(null);
    this.headers = options.all(KafkaOptions.HEADER);
    headers.forEach(header -> Settings.name("header", header));
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
    return MessageSplitter.blocks(settings.options())
        .map(this::records)
        .toMat(
            oneByOne ? BlockSink.oneByOne(sender::send) : BlockSink.of(blocks, sender::send),
            Keep.right());
  }

  private List<ProducerRecord<byte[], byte[]>> records(List<Message> messages) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(messages.size());
    for (Message message : messages) {
      records.add(record(message));
    }
    return records;
  }

  private ProducerRecord<byte[], byte[]> record(Message message) {
    Map<String, Object> facts = message.facts();
    byte[] value = message.payload().toArrayUnsafe();
    if (facts.isEmpty() && headers.isEmpty()) {
      return new ProducerRecord<>(settings.target(), partition, key, value);
    }
    Object ownKey = facts.get("key");
    Object ownPartition = facts.get("partition");
    RecordHeaders all = new RecordHeaders();
    for (String header : headers) {
      all.add(Settings.name("header", header), bytes(Settings.value(header)));
    }
    if (facts.get("headers") instanceof Map<?, ?> own) {
      own.forEach((name, header) -> all.add(name.toString(), bytes(header)));
    }
    return new ProducerRecord<>(
        settings.target(),
        ownPartition instanceof Number number && partition == null
            ? (Integer) number.intValue()
            : partition,
        ownKey == null ? key : bytes(ownKey),
        value,
        all);
  }
}
