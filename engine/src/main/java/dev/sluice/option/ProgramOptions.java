package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.EXEC;
import static dev.sluice.option.OptionGroup.FORK;
import static dev.sluice.option.OptionGroup.PARENT;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.CONST;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.UNSIGNED_SHORT;

import java.util.ArrayList;
import java.util.List;

/** How programs are started, and what connects them. */
public final class ProgramOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> PIPES =
      row("pipes", BOOL, Phase.BIGEN, FORK)
          .help("two pipes carry the data, and not a socket")
          .in(ROWS);
  public static final Option<Boolean> PTY =
      row("pty", BOOL, Phase.BIGEN, FORK)
          .help("a pseudo terminal carries the data, and not a socket")
          .in(ROWS);
  public static final Option<Boolean> NOFORK =
      row("nofork", BOOL, Phase.BIGEN, FORK)
          .help("the program takes the relay's place, with the other address as its descriptors")
          .in(ROWS);
  public static final Option<Boolean> STDERR =
      row("stderr", BOOL, Phase.PASTFORK, FORK).help("error output joins the output").in(ROWS);
  public static final Option<Integer> FDIN =
      row("fdin", UNSIGNED_SHORT, Phase.PASTBIGEN, FORK)
          .help("descriptor that the program reads from")
          .in(ROWS);
  public static final Option<Integer> FDOUT =
      row("fdout", UNSIGNED_SHORT, Phase.PASTBIGEN, FORK)
          .help("descriptor that the program writes to")
          .in(ROWS);
  public static final Option<String> PATH =
      row("path", STRING, Phase.PREEXEC, EXEC)
          .help("PATH of the program, also used to find it")
          .in(ROWS);
  public static final Option<Boolean> DASH =
      row("dash", BOOL, Phase.PREEXEC, EXEC)
          .aka("login")
          .help("puts a dash before the program's own name, as for login shells")
          .in(ROWS);
  public static final Option<String> SHELL =
      row("shell", STRING, Phase.PREEXEC, OptionGroup.SHELL)
          .help("shell to run, by its path")
          .in(ROWS);
  public static final Option<Integer> SETPGID =
      row("setpgid", INT, Phase.LATE, FORK)
          .aka("pgid")
          .help("process group of the program, 0 for its own")
          .from("setpgid(2)")
          .in(ROWS);

  public static final Option<Boolean> SIGHUP =
      row("sighup", CONST, Phase.LATE, PARENT).help("passes HUP on to the program").in(ROWS);
  public static final Option<Boolean> SIGINT =
      row("sigint", CONST, Phase.LATE, PARENT).help("passes INT on to the program").in(ROWS);
  public static final Option<Boolean> SIGQUIT =
      row("sigquit", CONST, Phase.LATE, PARENT).help("passes QUIT on to the program").in(ROWS);

  private ProgramOptions() {}
}
