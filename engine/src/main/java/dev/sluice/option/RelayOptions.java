package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.CHILD;
import static dev.sluice.option.OptionGroup.LISTEN;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.TIMESPEC;
import static dev.sluice.option.OptionType.TIMEVAL;
import static dev.sluice.option.OptionType.UNSIGNED_INT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How often an address is opened, for whom, and how many sessions it may have at once. */
public final class RelayOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> FORK =
      row("fork", BOOL, Phase.PASTACCEPT, CHILD)
          .help("serves each connection in a session of its own, and goes on")
          .in(ROWS);
  public static final Option<Integer> MAX_CHILDREN =
      row("max-children", INT, Phase.PASTACCEPT, CHILD)
          .aka("maxchildren")
          .help("sessions at once; further peers wait")
          .in(ROWS);
  public static final Option<Integer> CHILDREN_SHUTUP =
      row("children-shutup", INT, Phase.PASTACCEPT, CHILD)
          .help("sessions log this many steps less gravely")
          .in(ROWS);
  public static final Option<Integer> RETRY =
      row("retry", UNSIGNED_INT, Phase.INIT, OptionGroup.RETRY)
          .help("further attempts when opening fails")
          .in(ROWS);
  public static final Option<Boolean> FOREVER =
      row("forever", BOOL, Phase.INIT, OptionGroup.RETRY)
          .help("tries to open without end")
          .in(ROWS);
  public static final Option<Duration> INTERVAL =
      row("interval", TIMESPEC, Phase.INIT, OptionGroup.RETRY)
          .aka("intervall")
          .help("seconds between attempts")
          .in(ROWS);
  public static final Option<Duration> BACKOFF =
      row("backoff", TIMESPEC, Phase.INIT, OptionGroup.RETRY)
          .help("doubles the interval after each attempt, up to these seconds")
          .in(ROWS);
  public static final Option<RestartPolicy> RESTART =
      row("restart", RestartPolicy.TYPE, Phase.INIT, OptionGroup.RETRY)
          .help(
              "begins again after the relay's end: never, on-failure or always, at most :COUNT/SECONDS")
          .in(ROWS);
  public static final Option<Duration> ACCEPT_TIMEOUT =
      row("accept-timeout", TIMEVAL, Phase.LISTEN, LISTEN)
          .aka("listen-timeout")
          .help("seconds to wait for a connection")
          .in(ROWS);
  public static final Option<Integer> BACKLOG =
      row("backlog", INT, Phase.LISTEN, LISTEN)
          .help("connections that the kernel queues")
          .from("listen(2)")
          .in(ROWS);
  public static final Option<String> RANGE =
      row("range", STRING, Phase.ACCEPT, OptionGroup.RANGE)
          .help("serves only peers from this network")
          .in(ROWS);

  private RelayOptions() {}
}
