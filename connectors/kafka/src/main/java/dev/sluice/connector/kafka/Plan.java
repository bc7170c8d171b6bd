package dev.sluice.connector.kafka;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.ConnectorSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where reading begins and ends, as the brokers said when the address was opened.
 *
 * @param start the first offset of each partition; empty where a group stores it
 * @param last the last offset of each partition that has any, where option eof is given
 */
record Plan(Map<TopicPartition, Long> start, Optional<Map<TopicPartition, Long>> last) {
  static final Plan NONE = new Plan(Map.of(), Optional.empty());

  private static final long PATIENCE_SECONDS = 20;
  private static final int KNOCK_MILLIS = 10_000;
  private static final Duration POLL = Duration.ofMillis(200);

  /** Asks the brokers, and makes the topic where that was asked for; blocks. */
  static Plan ask(Settings settings, boolean reads, boolean writes) {
    knock(settings);
    return within(
        settings,
        () -> {
          try (Admin admin = Admin.create(impatient(settings.client()))) {
            return new Asking(settings, admin).plan(reads, writes);
          }
        });
  }

  /** Does something with Kafka's client, which finds its classes and whose failures are told. */
  static <T> T within(Settings settings, Callable<T> work) {
    try {
      return ConnectorSystem.within(work);
    } catch (RuntimeException e) {
      throw failure(settings, e);
    } catch (Exception e) {
      throw OpenFailure.retryable(shown(settings) + ": " + e.getMessage());
    }
  }

  /** Kafka's client tries for ever: whether anybody listens is found out before. */
  private static void knock(Settings settings) {
    List<String> brokers =
        List.of(settings.client().getOrDefault("bootstrap.servers", "").split(","));
    List<String> problems = new ArrayList<>();
    for (String broker : brokers) {
      int colon = broker.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        int port = Integer.parseInt(broker.substring(colon + 1));
        socket.connect(
            new InetSocketAddress(broker.substring(0, Math.max(0, colon)), port), KNOCK_MILLIS);
        return;
      } catch (IOException e) {
        problems.add(broker + ": " + e.getMessage());
      } catch (IllegalArgumentException e) {
        throw OpenFailure.lasting(shown(settings) + ": \"" + broker + "\" is not HOST:PORT");
      }
    }
    throw OpenFailure.retryable(
        "KAFKA: no broker takes a connection: " + String.join("; ", problems));
  }

  private static OpenFailure failure(Settings settings, RuntimeException e) {
    if (e instanceof OpenFailure known) {
      return known;
    }
    Throwable cause = e instanceof KafkaException && e.getCause() != null ? e.getCause() : e;
    return OpenFailure.retryable(shown(settings) + ": " + cause.getMessage());
  }

  static String shown(Settings settings) {
    return "KAFKA:" + settings.client().get("bootstrap.servers") + "/" + settings.topic();
  }

  private static Properties properties(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.putAll(settings);
    return properties;
  }

  /** Gives up in time: closing the client waits for what it has been asked. */
  private static Properties impatient(Map<String, String> settings) {
    Properties properties = properties(settings);
    String millis = Long.toString(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    properties.putIfAbsent("default.api.timeout.ms", millis);
    properties.putIfAbsent("request.timeout.ms", millis);
    return properties;
  }

  /** One visit to the brokers. */
  private record Asking(Settings settings, Admin admin) {
    Plan plan(boolean reads, boolean writes) {
      List<TopicPartition> partitions = partitions(settings.topic());
      if (writes && !settings.target().equals(settings.topic())) {
        partitions(settings.target());
      }
      if (!reads) {
        return NONE;
      }
      Optional<String> group = settings.options().find(KafkaOptions.GROUP);
      Map<TopicPartition, Long> start = start(partitions, group);
      return new Plan(
          group.isPresent() ? Map.of() : start,
          settings.options().isOn(KafkaOptions.EOF)
              ? Optional.of(last(start, offsets(partitions, OffsetSpec.latest())))
              : Optional.empty());
    }

    private List<TopicPartition> partitions(String topic) {
      TopicDescription description;
      try {
        description = describe(topic);
      } catch (UnknownTopicOrPartitionException e) {
        if (!settings.options().has(KafkaOptions.CREATE)) {
          throw OpenFailure.retryable(
              shown(settings) + ": there is no topic " + topic + "; option create makes it");
        }
        create(topic, settings.options().get(KafkaOptions.CREATE, 1));
        description = describe(topic);
      }
      List<TopicPartition> all =
          description.partitions().stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      Integer only = settings.options().get(KafkaOptions.PARTITION, -1);
      if (only >= all.size()) {
        throw OpenFailure.lasting(
            shown(settings) + ": there is no partition " + only + ", only " + all.size());
      }
      return only < 0 ? all : List.of(new TopicPartition(topic, only));
    }

    private TopicDescription describe(String topic) {
      return get(admin.describeTopics(List.of(topic)).allTopicNames()).values().iterator().next();
    }

    private void create(String topic, int partitions) {
      NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty());
      get(admin.createTopics(List.of(wanted)).all());
    }

    private Map<TopicPartition, Long> start(
        List<TopicPartition> partitions, Optional<String> group) {
      String from =
          settings.options().get(KafkaOptions.FROM, group.isEmpty() ? "beginning" : "stored");
      if (from.equals("stored") && group.isEmpty()) {
        throw OpenFailure.lasting("option from=stored needs option group, which stores it");
      }
      boolean atEnd = from.equals("end");
      Map<TopicPartition, Long> start =
          from.equals("beginning") || from.equals("stored") || atEnd
              ? offsets(partitions, atEnd ? OffsetSpec.latest() : OffsetSpec.earliest())
              : since(partitions, from);
      group.ifPresent(name -> start.putAll(stored(name, partitions)));
      return start;
    }

    /** Where a partition has nothing as late as that, its end. */
    private Map<TopicPartition, Long> since(List<TopicPartition> partitions, String from) {
      if (settings.options().has(KafkaOptions.GROUP)) {
        throw OpenFailure.lasting("option from=" + from + " is not for a group");
      }
      Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
      offsets(partitions, OffsetSpec.forTimestamp(time(from)))
          .forEach(
              (partition, offset) ->
                  ends.computeIfPresent(partition, (key, end) -> offset < 0 ? end : offset));
      return ends;
    }

    private static long time(String from) {
      try {
        return Instant.parse(from).toEpochMilli();
      } catch (DateTimeException e) {
        throw OpenFailure.lasting(
            "option from="
                + from
                + " is not beginning, end, stored or a time such as 2026-01-31T12:00:00Z");
      }
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
      Map<TopicPartition, OffsetSpec> wanted =
          partitions.stream().collect(Collectors.toMap(Function.identity(), key -> which));
      Map<TopicPartition, Long> found = new HashMap<>();
      get(admin.listOffsets(wanted).all())
          .forEach((partition, result) -> found.put(partition, result.offset()));
      return found;
    }

    private Map<TopicPartition, Long> stored(String group, List<TopicPartition> partitions) {
      Map<TopicPartition, Long> found = new HashMap<>();
      Map<TopicPartition, OffsetAndMetadata> all =
          get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = all.get(partition);
        if (offset != null) {
          found.put(partition, offset.offset());
        }
      }
      return found;
    }

    /**
     * The last message of each partition that has one between start and end. What lies before the
     * end may be none: a mark of a transaction, or what compaction has removed.
     */
    private Map<TopicPartition, Long> last(
        Map<TopicPartition, Long> start, Map<TopicPartition, Long> end) {
      Map<TopicPartition, Long> last = new HashMap<>();
      Map<String, String> reading = new HashMap<>(settings.consumer());
      reading.remove("group.id");
      reading.put("max.poll.records", "500");
      try (KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(
              properties(reading), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        end.forEach(
            (partition, offset) -> {
              long first = start.getOrDefault(partition, 0L);
              for (long step = 1; offset - step >= first - step / 2 && offset > first; step *= 10) {
                long found = lastIn(consumer, partition, Math.max(first, offset - step), offset);
                if (found >= 0) {
                  last.put(partition, found);
                  return;
                }
                if (offset - step <= first) {
                  return;
                }
              }
            });
      }
      return last;
    }

    private static long lastIn(
        KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long from, long end) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      long last = -1;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (consumer.position(partition) < end && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          last = record.offset() < end ? record.offset() : last;
        }
      }
      return last;
    }

    private <T> T get(KafkaFuture<T> future) {
      try {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e);
      } catch (TimeoutException e) {
        throw OpenFailure.retryable(
            shown(settings) + ": no broker answered within " + PATIENCE_SECONDS + " s");
      } catch (InterruptedException e) {
        throw OpenFailure.lasting(shown(settings) + ": interrupted");
      }
    }
  }
}
