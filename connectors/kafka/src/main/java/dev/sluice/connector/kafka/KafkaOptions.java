package dev.sluice.connector.kafka;

import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.Framing;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.time.Duration;
import java.util.List;

/** The options of a topic. */
final class KafkaOptions {
  static final OptionGroup KAFKA = OptionGroup.own("KAFKA");

  static final List<Option<?>> ROWS = BrokerOptions.with(Framing.OPTION, Framing.MAX_MESSAGE);

  static final Option<String> BROKER =
      text("broker", "HOST:PORT of one more broker to begin with; may be repeated");
  static final Option<String> GROUP =
      text(
          "group",
          "consumer group: its members share the partitions, and it stores how far it has read");
  static final Option<String> FROM =
      text(
          "from",
          "where to begin: beginning, end, stored (by the group), or a time such as 2026-01-31T12:00:00Z; a group that has stored something goes on there");
  static final Option<Boolean> EOF =
      Option.row("eof", OptionType.BOOL, Phase.SPECIFIC, KAFKA)
          .help("ends where the topic ended when it was opened")
          .in(ROWS);
  static final Option<String> TO =
      text("to", "topic to write to, when it is not the one that is read");
  static final Option<String> KEY = text("key", "key of the messages that are written");
  static final Option<String> HEADER =
      text("header", "NAME=VALUE: a header of the messages that are written; may be repeated");
  static final Option<Integer> PARTITION =
      Option.row("partition", OptionType.UNSIGNED_INT, Phase.SPECIFIC, KAFKA)
          .help("the only partition that is read and written")
          .in(ROWS);
  static final Option<String> ACKS =
      text("acks", "who must have a message that is written: all (default), 1 or 0");
  static final Option<String> COMPRESSION =
      text("compression", "none (default), gzip, snappy, lz4 or zstd");
  static final Option<Integer> CREATE =
      Option.row("create", OptionType.UNSIGNED_INT, Phase.SPECIFIC, KAFKA)
          .help("makes the topic where there is none, with so many partitions (1)")
          .in(ROWS);
  static final Option<Duration> TIMEOUT =
      Option.row("delivery-timeout", OptionType.TIMEVAL, Phase.SPECIFIC, KAFKA)
          .help("seconds until a message that no broker takes is a failure (120)")
          .in(ROWS);
  static final Option<Boolean> TLS =
      Option.row("tls", OptionType.BOOL, Phase.SPECIFIC, KAFKA)
          .help("speaks TLS with the brokers")
          .in(ROWS);
  static final Option<String> SASL =
      text("sasl", "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512: how user and password are given");
  static final Option<String> SETTING =
      text("setting", "NAME=VALUE: a setting of Kafka's client; may be repeated");

  private KafkaOptions() {}

  private static Option<String> text(String name, String help) {
    return Option.row(name, OptionType.STRING, Phase.SPECIFIC, KAFKA).help(help).in(ROWS);
  }
}
