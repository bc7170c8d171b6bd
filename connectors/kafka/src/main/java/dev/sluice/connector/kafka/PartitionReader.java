package dev.sluice.connector.kafka;

import akka.NotUsed;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.FarSource;
import dev.sluice.connector.kit.Message;
import dev.sluice.endpoint.Boundary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Partitions of a topic as blocks, without a group, by Kafka's own consumer. Alpakka's source hands
 * each record through its stages one by one: with records of 100 bytes that takes longer than to
 * read them.
 */
final class PartitionReader {
  /** How long a thread waits for records before it serves another relay. */
  private static final Duration POLL = Duration.ofMillis(50);

  private final Settings settings;
  private final Plan plan;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final boolean keepsMessages;

  private PartitionReader(Settings settings, Plan plan, boolean keepsMessages) throws Exception {
    this.settings = settings;
    this.plan = plan;
    this.keepsMessages = keepsMessages;
    this.consumer =
        ConnectorSystem.within(
            () ->
                new KafkaConsumer<>(
                    Map.copyOf(settings.consumer()),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()));
    consumer.assign(plan.start().keySet());
    plan.start().forEach(consumer::seek);
  }

  /** From where the plan starts, to where it ends if it does. */
  static Source<ByteString, NotUsed> source(Settings settings, Plan plan, Boundary other) {
    return FarSource.of(
        Source.unfoldResource(
                () -> new PartitionReader(settings, plan, other != Boundary.STREAM),
                PartitionReader::next,
                PartitionReader::close)
            .mapConcat(blocks -> blocks)
            .withAttributes(ActorAttributes.dispatcher(ConnectorSystem.MAY_BLOCK)));
  }

  private Optional<List<ByteString>> next() {
    return isAtEnd() ? Optional.empty() : Optional.of(blocks(consumer.poll(POLL)));
  }

  /** By positions: the last record of a partition may be one that is not shown to readers. */
  private boolean isAtEnd() {
    return plan.last().isPresent()
        && plan.last().get().entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) > end.getValue());
  }

  private List<ByteString> blocks(ConsumerRecords<byte[], byte[]> records) {
    List<ByteString> blocks = new ArrayList<>();
    List<Message> messages = new ArrayList<>();
    long size = 0;
    for (TopicPartition partition : records.partitions()) {
      long last = plan.last().map(ends -> ends.getOrDefault(partition, -1L)).orElse(Long.MAX_VALUE);
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        if (record.offset() > last) {
          break;
        }
        messages.add(settings.message(record));
        size += 1 + Math.max(0, record.serializedValueSize());
        if (keepsMessages || size >= Settings.BATCH) {
          blocks.add(settings.framing().join(messages));
          messages.clear();
          size = 0;
        }
      }
    }
    if (!messages.isEmpty()) {
      blocks.add(settings.framing().join(messages));
    }
    return blocks;
  }

  private void close() {
    consumer.close(Duration.ZERO);
  }
}
