package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.ANY;
import static dev.sluice.option.OptionGroup.PROCESS;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.GID_T;
import static dev.sluice.option.OptionType.MODE_T;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.UID_T;

import java.util.ArrayList;
import java.util.List;

/**
 * Directory, root, file mode mask, credentials and network namespace under which an address is
 * opened.
 */
public final class ProcessOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<String> CHDIR =
      row("chdir", STRING, Phase.INIT, ANY)
          .aka("cd")
          .help("working directory while opening, and of the program")
          .from("chdir(2)")
          .in(ROWS);
  public static final Option<Integer> UMASK =
      row("umask", MODE_T, Phase.INIT, ANY)
          .help("file mode mask while opening, and of the program")
          .from("umask(2)")
          .in(ROWS);
  public static final Option<String> CHROOT =
      row("chroot", STRING, Phase.LATE, PROCESS)
          .help("root directory once opened")
          .from("chroot(2)")
          .in(ROWS);
  public static final Option<String> CHROOT_EARLY =
      row("chroot-early", STRING, Phase.EARLY, PROCESS)
          .help("root directory before opening")
          .from("chroot(2)")
          .in(ROWS);
  public static final Option<String> SETUID =
      row("setuid", UID_T, Phase.LATE2, PROCESS)
          .help("user once opened")
          .from("setuid(2)")
          .in(ROWS);
  public static final Option<String> SETUID_EARLY =
      row("setuid-early", UID_T, Phase.EARLY, PROCESS)
          .help("user before opening")
          .from("setuid(2)")
          .in(ROWS);
  public static final Option<String> SETGID =
      row("setgid", GID_T, Phase.LATE2, PROCESS)
          .help("group once opened")
          .from("setgid(2)")
          .in(ROWS);
  public static final Option<String> SETGID_EARLY =
      row("setgid-early", GID_T, Phase.EARLY, PROCESS)
          .help("group before opening")
          .from("setgid(2)")
          .in(ROWS);
  public static final Option<String> SUBSTUSER =
      row("substuser", UID_T, Phase.LATE2, PROCESS)
          .aka("su")
          .help("user with all groups and variables, once opened")
          .from("initgroups(3)")
          .in(ROWS);
  public static final Option<String> SUBSTUSER_EARLY =
      row("substuser-early", UID_T, Phase.EARLY, PROCESS)
          .aka("su-e")
          .help("user with all groups and variables, before opening")
          .from("initgroups(3)")
          .in(ROWS);
  public static final Option<String> SUBSTUSER_DELAYED =
      row("substuser-delayed", UID_T, Phase.INIT, PROCESS)
          .aka("su-d")
          .help(
              "user with all groups and variables, looked up before opening, taken on once opened")
          .from("initgroups(3)")
          .in(ROWS);
  public static final Option<String> NETNS =
      row("netns", STRING, Phase.INIT, PROCESS)
          .help("network namespace by its name in /run/netns")
          .from("setns(2)")
          .in(ROWS);
  public static final Option<Boolean> SETSID =
      row("setsid", BOOL, Phase.LATE, PROCESS)
          .aka("sid")
          .help("makes the program lead a session of its own")
          .from("setsid(2)")
          .in(ROWS);

  private ProcessOptions() {}
}
