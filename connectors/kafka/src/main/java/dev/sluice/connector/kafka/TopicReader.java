package dev.sluice.connector.kafka;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.kafka.CommitTimeoutException;
import akka.kafka.CommitterSettings;
import akka.kafka.ConsumerMessage;
import akka.kafka.ConsumerMessage.CommittableOffset;
import akka.kafka.ConsumerSettings;
import akka.kafka.Subscription;
import akka.kafka.Subscriptions;
import akka.kafka.javadsl.Committer;
import akka.kafka.javadsl.Consumer;
import akka.stream.javadsl.AsPublisher;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.connector.kit.Acknowledging;
import dev.sluice.connector.kit.Acknowledging.Delivery;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.Message;
import dev.sluice.endpoint.Boundary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The messages of a topic as blocks. With a group, what was taken is stored as read. */
final class TopicReader {
  /** Longer than a broker needs to come back. */
  private static final Duration COMMIT = Duration.ofMinutes(2);

  private final Settings settings;
  private final Plan plan;

  /** The last message of each partition that has not come yet; used by one stream. */
  private final Map<TopicPartition, Long> missing;

  private final boolean group;
  private final int blockSize;

  /**
   * A reader for one session.
   *
   * @param blockSize bytes up to which messages are joined and stored as read together: what comes
   *     again after a break is not more than two such blocks
   */
  TopicReader(Settings settings, Plan plan, int blockSize) {
    this.settings = settings;
    this.blockSize = blockSize;
    this.plan = plan;
    this.missing = new HashMap<>(plan.last().orElse(Map.of()));
    this.group = settings.options().has(KafkaOptions.GROUP);
  }

  boolean acknowledges() {
    return group;
  }

  /** A message with its place. */
  private record Read(
      ConsumerRecord<byte[], byte[]> record, @Nullable CommittableOffset offset, boolean last) {
    TopicPartition partition() {
      return new TopicPartition(record.topic(), record.partition());
    }

    int size() {
      return 1 + (record.value() == null ? 0 : record.value().length);
    }
  }

  /** Messages that go to the other side in one piece. */
  private static final class Batch {
    private final List<Message> messages = new ArrayList<>();
    private final Map<TopicPartition, CommittableOffset> offsets = new HashMap<>();

    private boolean last;

    Batch add(Read read, Settings settings) {
      last |= read.last;
      messages.add(settings.message(read.record));
      if (read.offset != null) {
        offsets.put(read.partition(), read.offset);
      }
      return this;
    }
  }

  Source<ByteString, NotUsed> source(Boundary other) {
    if ((!group && plan.start().isEmpty()) || plan.last().map(Map::isEmpty).orElse(false)) {
      return Source.empty();
    }
    return group ? grouped(other) : PartitionReader.source(settings, plan, other);
  }

  private Source<Batch, Consumer.Control> batches(
      Source<Read, Consumer.Control> read, Boundary other) {
    return other == Boundary.STREAM
        ? read.batchWeighted(
            blockSize,
            one -> (long) one.size(),
            one -> new Batch().add(one, settings),
            (batch, one) -> batch.add(one, settings))
        : read.map(one -> new Batch().add(one, settings));
  }

  /** The consumer goes on after the last message until that has been stored as read. */
  private Source<ByteString, NotUsed> grouped(Boundary other) {
    boolean atEnd = settings.options().get(KafkaOptions.FROM, "").equals("end");
    Optional<Integer> only = settings.options().find(KafkaOptions.PARTITION);
    Subscription subscription =
        only.isPresent()
            ? Subscriptions.assignment(new TopicPartition(settings.topic(), only.get()))
            : Subscriptions.topics(settings.topic());
    Source<Read, Consumer.Control> read =
        Consumer.committableSource(
                consumer().withProperty("auto.offset.reset", atEnd ? "latest" : "earliest"),
                subscription)
            .map(one -> new Read(one.record(), one.committableOffset(), isLast(one.record())))
            .filter(this::isWanted);
    Pair<Consumer.Control, Publisher<Batch>> running =
        batches(read, other)
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(ConnectorSystem.materializer());
    return Source.fromPublisher(running.second())
        .map(batch -> new Delivery<>(settings.framing().join(batch.messages), batch, batch.last))
        .via(new Acknowledging<>(TopicReader::store, running.first()::shutdown));
  }

  /** Whether all that was there at the beginning has come with this one. */
  private boolean isLast(ConsumerRecord<byte[], byte[]> record) {
    if (plan.last().isEmpty()) {
      return false;
    }
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Long last = missing.get(partition);
    if (last == null || record.offset() < last) {
      return false;
    }
    missing.remove(partition);
    return missing.isEmpty();
  }

  private boolean isWanted(Read read) {
    return plan.last().isEmpty()
        || read.record.offset() <= plan.last().get().getOrDefault(read.partition(), -1L);
  }

  private ConsumerSettings<byte[], byte[]> consumer() {
    return ConsumerSettings.create(
            ConnectorSystem.get().classicSystem(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())
        .withStopTimeout(Duration.ZERO) // it is stopped when all has been stored
        .withCommitTimeout(COMMIT)
        .withProperties(settings.consumer());
  }

  /** Stores the last offset of each partition. */
  private static CompletionStage<Done> store(List<Batch> taken) {
    Map<TopicPartition, CommittableOffset> last = new HashMap<>();
    taken.forEach(batch -> last.putAll(batch.offsets));
    Collection<CommittableOffset> offsets = last.values();
    if (offsets.isEmpty()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return Source.single(ConsumerMessage.createCommittableOffsetBatch(List.copyOf(offsets)))
        .via(
            Committer.flow(
                CommitterSettings.create(ConnectorSystem.get().classicSystem()).withMaxBatch(1)))
        .runWith(Sink.head(), ConnectorSystem.materializer())
        .handle((done, failure) -> stored(failure));
  }

  /**
   * A group that has been put together anew stores nothing of a member of before: the messages come
   * again, to whoever has the partition now.
   */
  private static Done stored(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause == null
        || cause instanceof CommitFailedException
        || cause instanceof RetriableException
        || cause instanceof CommitTimeoutException) {
      return Done.getInstance();
    }
    throw new CompletionException(cause);
  }
}
