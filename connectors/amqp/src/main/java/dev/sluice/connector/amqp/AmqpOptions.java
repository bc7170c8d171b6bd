package dev.sluice.connector.amqp;

import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.Framing;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.util.List;

/** The options of queues and exchanges. */
final class AmqpOptions {
  static final OptionGroup AMQP = OptionGroup.own("AMQP");

  static final List<Option<?>> ROWS = BrokerOptions.with(Framing.OPTION, Framing.MAX_MESSAGE);

  static final Option<String> VHOST = text("vhost", "virtual host; / if none");
  static final Option<String> EXCHANGE =
      text("exchange", "exchange that messages are written to, in place of the queue itself");
  static final Option<String> ROUTING_KEY =
      text("routing-key", "routing key of the messages that are written; the queue's name if none");
  static final Option<Boolean> DECLARE =
      flag(
          "declare", "makes the queue, durable, where there is none, and binds it to the exchange");
  static final Option<Integer> PREFETCH =
      Option.row("prefetch", OptionType.UNSIGNED_INT, Phase.SPECIFIC, AMQP)
          .help("messages that may wait here for the other side; 100 if none")
          .in(ROWS);
  static final Option<Boolean> EOF =
      flag("eof", "ends after as many messages as the queue had when it was opened");
  static final Option<Boolean> REQUEST =
      flag(
          "request",
          "what is written are requests, and their answers are read, in the order of the requests");
  static final Option<Boolean> REPLY =
      flag(
          "reply",
          "what is read are requests, and what is written are their answers, in the order of the requests");

  private AmqpOptions() {}

  private static Option<String> text(String name, String help) {
    return Option.row(name, OptionType.STRING, Phase.SPECIFIC, AMQP).help(help).in(ROWS);
  }

  private static Option<Boolean> flag(String name, String help) {
    return Option.row(name, OptionType.BOOL, Phase.SPECIFIC, AMQP).help(help).in(ROWS);
  }
}
