package dev.sluice.cli;

import dev.sluice.catalog.OpenSettings;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NetworkInterfaces;
import dev.sluice.os.ProcessFacts;
import java.util.List;

/** {@code procan}: tells what the process is in: terminal, groups, users, limits, namespaces. */
final class Procan {
  static final String HELP =
      """
      procan: tells what surrounds a process
      Usage:
      procan [options]
         options:
            -V     prints the version
            -?|-h  prints this text
            -c     prints the values of constants of the C library
            -d     is more verbose (up to 4 times)
            -l...  says where messages go: only stderr here
      """;

  private static final List<String> LIMITS =
      List.of(
          "cpu time (seconds)         =0",
          "file size (blocks)         =1",
          "data seg size (kbytes)     =2",
          "stack size (blocks)        =3",
          "core file size (blocks)    =4",
          "max resident set size      =5",
          "max user processes         =6",
          "open files                 =7",
          "max locked-in-memory\n  address space            =8",
          "virtual memory (kbytes)    =9");

  private static final String TYPES =
      """
      C TYPE SIZES
      sizeof(char)      = 1
      sizeof(short)     = 2
      sizeof(int)       = 4
      sizeof(long)      = 8
      sizeof(long long) = 8
      sizeof(size_t)    = 8
      typedef signed char         char;
      typedef unsigned long       size_t;     /* sizeof(size_t) = 8 */
      typedef unsigned int        mode_t;     /* sizeof(mode_t) = 4 */
      typedef          int        pid_t;      /* sizeof(pid_t) = 4 */
      typedef unsigned int        uid_t;      /* sizeof(uid_t) = 4 */
      typedef unsigned int        gid_t;      /* sizeof(gid_t) = 4 */
      typedef          long       time_t;     /* sizeof(time_t) = 8 */
      typedef unsigned int        socklen_t;  /* sizeof(socklen_t) = 4 */
      typedef          long       off_t;      /* sizeof(off_t) = 8 */
      typedef          long       off64_t;    /* sizeof(off64_t) = 8 */
      typedef unsigned long       dev_t;      /* sizeof(dev_t) = 8 */
      typedef unsigned long       ino_t;      /* sizeof(ino_t) = 8 */
      #define __BYTE_ORDER __LITTLE_ENDIAN\t/* Intel ea.*/
      sizeof(struct timespec)      = 16
      """;

  private final StringBuilder out = new StringBuilder();

  private Procan() {}

  /** Runs, and returns the exit status. */
  static int run(String programName, List<String> arguments) {
    int verbosity = 1;
    boolean constants = false;
    for (String word : arguments) {
      switch (word.startsWith("-") && word.length() > 1 ? word.charAt(1) : ' ') {
        case 'h', '?' -> {
          System.out.print(HELP);
          return 0;
        }
        case 'V' -> {
          System.out.print(version());
          return 0;
        }
        case 'c' -> constants = true;
        case 'd' -> verbosity++;
        case 'l' -> {}
        default -> {
          RelayLog log = PropertyTools.startLogging(programName, verbosity);
          log.error("unknown option \"" + word + "\"");
          RelayLog.flush();
          System.err.print(HELP);
          return 1;
        }
      }
    }
    System.out.print(constants ? CConstants.render() : new Procan().render());
    return 0;
  }

  private static String version() {
    return HelpText.TITLE
        + "\nprocan version "
        + OpenSettings.VERSION
        + "\n   running on "
        + VersionText.system()
        + "\n";
  }

  private String render() {
    process();
    limits();
    surroundings();
    return out.toString();
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void process() {
    line("process id = " + ProcessFacts.id("getpid"));
    line("process parent id = " + ProcessFacts.id("getppid"));
    boolean hasTerminal = ProcessFacts.hasControllingTerminal();
    line("controlling terminal by ctermid():           \"/dev/tty\"");
    line(
        "controlling terminal by /dev/tty, ttyname(): "
            + (hasTerminal ? "\"/dev/tty\"" : "(none)"));
    line("controlling terminal by /proc/<pid>/:        " + ProcessFacts.controllingTerminal());
    line("process group id = " + ProcessFacts.id("getpgrp"));
    line("process session id = " + ProcessFacts.session());
    List<String> streams = List.of("stdin", "stdout", "stderr");
    for (int fd = 0; fd < streams.size(); fd++) {
      line(
          "process group id if fg process / "
              + streams.get(fd)
              + " = "
              + ProcessFacts.foregroundGroup(fd));
    }
    int[] users = ProcessFacts.users();
    line("user id  = " + users[0]);
    line("effective user id  = " + users[1]);
    line("saved set-user id  = " + users[2]);
    int[] groups = ProcessFacts.groups();
    line("group id = " + groups[0]);
    line("effective group id = " + groups[1]);
    line("saved set-group id = " + groups[2]);
    line("");
    line(String.format("umask = %04o", ProcessFacts.umask()));
    line("");
  }

  private void limits() {
    line("/* Resource limits */");
    line("resource                                 current                 maximum");
    for (String entry : LIMITS) {
      String[] parts = entry.split("=", 2);
      long[] limit = ProcessFacts.limit(Integer.parseInt(parts[1]));
      String current = Long.toUnsignedString(limit[0]);
      line(parts[0] + String.format("%21s%24s", current, Long.toUnsignedString(limit[1])));
    }
    line("");
  }

  private void surroundings() {
    line("SIZE_MAX                  = 18446744073709551615 /* maximum value of size_t */");
    line("P_tmpdir                  = \"/tmp\"");
    line("L_tmpnam                  = 20");
    line("TMP_MAX                   = 238328");
    line("FD_SETSIZE                = 1024 /* maximum number of FDs for select() */");
    line("PIPE_BUF                  = 4096                    ");
    line("Network namespace: " + ProcessFacts.link("/proc/self/ns/net") + " ");
    out.append(TYPES);
    line("");
    line("IP INTERFACES");
    NetworkInterfaces.withAddress()
        .forEach((index, name) -> line(String.format("%2d: %s", index, name)));
    line("");
    ProcessFacts.vsockAddress().ifPresent(cid -> line("VSOCK_CID        = " + cid));
  }
}
