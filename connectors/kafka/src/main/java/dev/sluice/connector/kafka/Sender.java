package dev.sluice.connector.kafka;

import akka.Done;
import dev.sluice.connector.kit.CountedDone;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's producer, which takes a block of records at a time. Alpakka's stages make a future for
 * each record: with records of 100 bytes that takes several times what sending them does.
 */
final class Sender {
  private final KafkaProducer<byte[], byte[]> producer;

  private Sender(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** Reads the files that the settings name, and asks for the topic; blocks. */
  static Sender open(Map<String, String> settings, String topic) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.copyOf(settings), new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.partitionsFor(topic); // sending would wait for it
      return new Sender(producer);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /** Sends the records in their order; done once the brokers have confirmed each. */
  CompletionStage<Done> send(List<ProducerRecord<byte[], byte[]>> records) {
    CountedDone done = new CountedDone(records.size());
    for (ProducerRecord<byte[], byte[]> record : records) {
      producer.send(record, (place, failure) -> done.one(failure));
    }
    return done.all();
  }

  /** Ends the producer; what has not been sent is dropped. */
  void close() {
    producer.close(Duration.ZERO);
  }
}
