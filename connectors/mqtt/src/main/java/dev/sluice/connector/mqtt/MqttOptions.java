package dev.sluice.connector.mqtt;

import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.Framing;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.time.Duration;
import java.util.List;

/** The options of MQTT topics. */
final class MqttOptions {
  static final OptionGroup MQTT = OptionGroup.own("MQTT");

  static final List<Option<?>> ROWS = BrokerOptions.with(Framing.OPTION, Framing.MAX_MESSAGE);

  static final Option<Integer> VERSION = number("version", "5 (default), or 3 for version 3.1.1");
  static final Option<Integer> QOS = number("qos", "quality of service: 0, 1 (default) or 2");
  static final Option<String> TO =
      text("to", "topic to write to, when it is not the one that is read");
  static final Option<Boolean> RETAIN =
      Option.row("retain", OptionType.BOOL, Phase.SPECIFIC, MQTT)
          .help("the broker keeps the last message for those who come later")
          .in(ROWS);
  static final Option<String> CLIENT_ID =
      text("client-id", "the client's identifier, under which the broker keeps its session");
  static final Option<Duration> SESSION =
      Option.row("session", OptionType.TIMEVAL, Phase.SPECIFIC, MQTT)
          .help(
              "seconds that the broker keeps the session, and what comes for it, while nobody is connected")
          .in(ROWS);
  static final Option<String> WILL =
      text("will", "TOPIC=TEXT: a message that the broker sends when this end is lost");
  static final Option<Duration> KEEPALIVE =
      Option.row("keep-alive", OptionType.TIMEVAL, Phase.SPECIFIC, MQTT)
          .help(
              "seconds without data until the client asks whether the broker is there; 60 if none")
          .in(ROWS);

  private MqttOptions() {}

  private static Option<String> text(String name, String help) {
    return Option.row(name, OptionType.STRING, Phase.SPECIFIC, MQTT).help(help).in(ROWS);
  }

  private static Option<Integer> number(String name, String help) {
    return Option.row(name, OptionType.UNSIGNED_INT, Phase.SPECIFIC, MQTT).help(help).in(ROWS);
  }
}
