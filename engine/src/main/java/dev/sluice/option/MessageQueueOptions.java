package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.POSIXMQ;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.LONG;
import static dev.sluice.option.OptionType.UNSIGNED_INT;

import java.util.ArrayList;
import java.util.List;

/** Options of POSIX message queues. */
public final class MessageQueueOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Integer> POSIXMQ_PRIORITY =
      row("posixmq-priority", UNSIGNED_INT, Phase.INIT, POSIXMQ)
          .aka("mq-prio")
          .help("priority of messages sent")
          .from("mq_send(3)")
          .in(ROWS);
  public static final Option<Boolean> POSIXMQ_FLUSH =
      row("posixmq-flush", BOOL, Phase.EARLY, POSIXMQ)
          .aka("mq-flush")
          .help("drops what is in the queue before it is used")
          .from("mq_receive(3)")
          .in(ROWS);
  public static final Option<Long> POSIXMQ_MAXMSG =
      row("posixmq-maxmsg", LONG, Phase.OPEN, POSIXMQ)
          .aka("mq-maxmsg")
          .help("messages that a new queue can hold")
          .from("mq_open(3)")
          .in(ROWS);
  public static final Option<Long> POSIXMQ_MSGSIZE =
      row("posixmq-msgsize", LONG, Phase.OPEN, POSIXMQ)
          .aka("mq-msgsize")
          .help("bytes in a message of a new queue")
          .from("mq_open(3)")
          .in(ROWS);

  private MessageQueueOptions() {}
}
