package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.PTY;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.TIMESPEC;
import static dev.sluice.option.OptionType.TIMEVAL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How pseudo terminals are made, linked to and waited for. */
public final class PtyOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> OPENPTY =
      row("openpty", BOOL, Phase.BIGEN, PTY)
          .help("a pseudo terminal as openpty(3) makes it")
          .in(ROWS);
  public static final Option<Boolean> PTMX =
      row("ptmx", BOOL, Phase.BIGEN, PTY).help("a pseudo terminal by opening /dev/ptmx").in(ROWS);
  public static final Option<String> LINK =
      row("symbolic-link", STRING, Phase.LATE, PTY)
          .aka("link")
          .help("symbolic link to the terminal, removed at the end")
          .in(ROWS);
  public static final Option<Boolean> WAIT_SLAVE =
      row("pty-wait-slave", BOOL, Phase.EARLY, PTY)
          .aka("wait-slave", "waitslave")
          .help("waits until a program opens the terminal")
          .in(ROWS);
  public static final Option<Duration> INTERVAL =
      row("pty-interval", TIMESPEC, Phase.EARLY, PTY)
          .aka("pty-intervall")
          .help("seconds between looks whether a program has opened the terminal")
          .in(ROWS);
  public static final Option<Duration> SITOUT_EIO =
      row("sitout-eio", TIMEVAL, Phase.OFFSET, PTY)
          .help("seconds that the terminal may be closed before that counts as the end")
          .in(ROWS);

  private PtyOptions() {}
}
