package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where log lines go and what they look like.
 *
 * @param verbosity −1 fatal errors only, 0 errors, 1 warnings, 2 notices, 3 infos, 4 debug
 * @param programName name in each line
 * @param microseconds whether times have them
 * @param hostName host in each line, if any
 * @param stderr whether lines go to standard error
 * @param journal whether systemd's journal gets them in its own protocol, in place of standard
 *     error
 * @param file a file that lines are appended to
 * @param syslogFacility syslog's facility code, when lines go there
 * @param mixed whether syslog takes over from stderr when the transfer starts
 */
record LogSettings(
    int verbosity,
    String programName,
    boolean microseconds,
    Optional<String> hostName,
    boolean stderr,
    boolean journal,
    Optional<String> file,
    Optional<Integer> syslogFacility,
    boolean mixed) {
  static LogSettings standard(String programName) {
    return new LogSettings(
        1,
        programName,
        false,
        Optional.empty(),
        true,
        false,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** What option -lh shows: variable HOSTNAME, or what the kernel has. */
  static String hostName(Map<String, String> environment) {
    String given = environment.get("HOSTNAME");
    if (given != null) {
      return given;
    }
    try {
      return Files.readAllLines(Path.of("/proc/sys/kernel/hostname")).get(0); // read at once
    } catch (IOException e) {
      return "localhost";
    }
  }
}
