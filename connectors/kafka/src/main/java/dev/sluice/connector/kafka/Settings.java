package dev.sluice.connector.kafka;

import akka.util.ByteString;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.Message;
import dev.sluice.option.Options;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What an address says, as Kafka's client wants it.
 *
 * @param topic the topic that is read
 * @param target the topic that is written
 */
record Settings(Options options, String topic, String target, Map<String, String> client) {
  private static final Set<String> ACKS = Set.of("all", "-1", "0", "1");
  private static final Set<String> COMPRESSIONS = Set.of("none", "gzip", "snappy", "lz4", "zstd");
  private static final Set<String> MECHANISMS = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

  /**
   * Bytes that the client holds for the brokers. With more, the collector has more records to move.
   */
  private static final long BUFFER = 4 << 20;

  /** Room for what is beside the bytes of a message. */
  private static final long BESIDE = 65536;

  /** Messages are joined up to this many bytes while a stream of bytes takes none. */
  static final long BATCH = 65536;

  static Settings of(OpenContext context) {
    Options options = context.options();
    String all = String.join(":", context.address().spec().parameters());
    int slash = all.indexOf('/');
    if (slash <= 0 || slash == all.length() - 1) {
      throw OpenFailure.lasting("KAFKA:" + all + " names no topic: KAFKA:HOST:PORT/TOPIC");
    }
    String broker = all.substring(0, slash);
    String topic = all.substring(slash + 1);
    Map<String, String> client = new HashMap<>();
    List<String> more = options.all(KafkaOptions.BROKER);
    String first = broker.contains(":") ? broker : broker + ":9092";
    client.put("bootstrap.servers", more.isEmpty() ? first : first + "," + String.join(",", more));
    client.put("client.id", "sluice");
    client.put("reconnect.backoff.ms", "250"); // each attempt that fails is a line in the log
    client.put("reconnect.backoff.max.ms", "3000");
    secure(options, client);
    for (String setting : options.all(KafkaOptions.SETTING)) {
      client.put(name("setting", setting), value(setting));
    }
    return new Settings(options, topic, options.get(KafkaOptions.TO, topic), client);
  }

  private static void secure(Options options, Map<String, String> client) {
    boolean tls =
        options.isOn(KafkaOptions.TLS)
            || options.has(BrokerOptions.CAFILE)
            || options.has(BrokerOptions.CERTIFICATE);
    boolean sasl = options.has(KafkaOptions.SASL);
    client.put("security.protocol", (sasl ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT"));
    options
        .find(BrokerOptions.CAFILE)
        .ifPresent(
            file -> {
              client.put("ssl.truststore.type", "PEM");
              client.put("ssl.truststore.location", file);
            });
    options
        .find(BrokerOptions.CERTIFICATE)
        .ifPresent(
            file -> {
              client.put("ssl.keystore.type", "PEM");
              client.put("ssl.keystore.location", file);
            });
    if (sasl) {
      String mechanism = options.get(KafkaOptions.SASL, "").toUpperCase(Locale.ROOT);
      oneOf("sasl", mechanism, MECHANISMS);
      String module =
          mechanism.equals("PLAIN")
              ? "org.apache.kafka.common.security.plain.PlainLoginModule"
              : "org.apache.kafka.common.security.scram.ScramLoginModule";
      client.put("sasl.mechanism", mechanism);
      client.put(
          "sasl.jaas.config",
          module
              + " required username="
              + quoted(options.get(BrokerOptions.USER, ""))
              + " password="
              + quoted(BrokerOptions.password(options).orElse(""))
              + ";");
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String oneOf(String option, String value, Set<String> known) {
    if (!known.contains(value)) {
      throw OpenFailure.lasting(
          "option "
              + option
              + ": \""
              + value
              + "\" is none of "
              + String.join(", ", known.stream().sorted().toList()));
    }
    return value;
  }

  static String name(String option, String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw OpenFailure.lasting("option " + option + ": \"" + text + "\" is not NAME=VALUE");
    }
    return text.substring(0, equals);
  }

  static String value(String text) {
    return text.substring(text.indexOf('=') + 1);
  }

  Framing framing() {
    return Framing.of(options);
  }

  long largest() {
    return Framing.largest(options);
  }

  /** A record as a message, with what is known of it where the framing shows that. */
  Message message(ConsumerRecord<byte[], byte[]> record) {
    ByteString value =
        record.value() == null
            ? ByteString.emptyByteString()
            : ByteString.fromArrayUnsafe(record.value());
    if (framing() != Framing.JSON) {
      return Message.of(value);
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("topic", record.topic());
    facts.put("partition", record.partition());
    facts.put("offset", record.offset());
    facts.put("timestamp", record.timestamp());
    if (record.key() != null) {
      facts.put("key", new String(record.key(), StandardCharsets.UTF_8));
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      byte[] bytes = header.value() == null ? new byte[0] : header.value();
      headers.put(header.key(), new String(bytes, StandardCharsets.UTF_8));
    }
    if (!headers.isEmpty()) {
      facts.put("headers", headers);
    }
    return new Message(value, facts);
  }

  /** The client's settings to write with. */
  Map<String, String> producer() {
    Map<String, String> all = new HashMap<>();
    all.put("acks", oneOf("acks", options.get(KafkaOptions.ACKS, "all"), ACKS));
    all.put("enable.idempotence", Boolean.toString(all.get("acks").matches("all|-1")));
    all.put(
        "compression.type",
        oneOf("compression", options.get(KafkaOptions.COMPRESSION, "none"), COMPRESSIONS));
    long timeout = options.find(KafkaOptions.TIMEOUT).map(time -> time.toMillis()).orElse(120_000L);
    all.put("delivery.timeout.ms", Long.toString(timeout));
    all.put("request.timeout.ms", Long.toString(Math.max(1, Math.min(30_000, timeout - 5))));
    all.put("max.block.ms", Long.toString(timeout));
    all.put("linger.ms", "5");
    all.put("batch.size", "262144");
    all.put("buffer.memory", Long.toString(Math.max(BUFFER, 2 * largest())));
    all.put("max.request.size", Long.toString(largest() + BESIDE));
    all.putAll(client);
    return all;
  }

  /** The client's settings to read with. */
  Map<String, String> consumer() {
    Map<String, String> all = new HashMap<>();
    all.put("enable.auto.commit", "false");
    all.put("allow.auto.create.topics", "false");
    all.put("session.timeout.ms", "10000"); // how long a group waits for a member that has died
    all.put("isolation.level", "read_committed");
    all.put("fetch.max.bytes", "8388608");
    all.put("max.poll.records", "5000");
    options.find(KafkaOptions.GROUP).ifPresent(group -> all.put("group.id", group));
    all.putAll(client);
    return all;
  }
}
