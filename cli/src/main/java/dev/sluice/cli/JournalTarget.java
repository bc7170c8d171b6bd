package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * systemd's journal by its native protocol, so that {@code journalctl RELAY=web} finds the lines of
 * a relay: a datagram of {@code FIELD=value} lines for each entry. What the journal does not take
 * goes elsewhere. See systemd-journald.service(8) and systemd.journal-fields(7).
 */
final class JournalTarget implements LogTarget {
  static final String SOCKET = "/run/systemd/journal/socket";

  /** syslog(3)'s priorities of our severities, from fatal to debug. */
  private static final int[] PRIORITIES = {2, 3, 4, 5, 6, 7};

  private final LogSocket socket;
  private final String program;
  private final LogTarget otherwise;

  /**
   * Makes one; connects with the first line.
   *
   * @param otherwise gets what the journal does not take
   */
  JournalTarget(String socket, String program, LogTarget otherwise) {
    this.socket = new LogSocket(socket);
    this.program = program;
    this.otherwise = otherwise;
  }

  /** Whether standard error leads to the journal: JOURNAL_STREAM of systemd.exec(5) names it. */
  static boolean isStderr(Map<String, String> environment) {
    String stream = environment.get("JOURNAL_STREAM");
    if (stream == null || !Files.exists(Path.of(SOCKET))) {
      return false;
    }
    try {
      Map<String, Object> facts = Files.readAttributes(Path.of("/dev/fd/2"), "unix:dev,ino");
      return stream.equals(facts.get("dev") + ":" + facts.get("ino"));
    } catch (IOException e) {
      return false; // it is closed
    }
  }

  @Override
  public void write(LogWriter.Line line) {
    StringBuilder entry = new StringBuilder(line.bare().length() + 100);
    field(entry, "MESSAGE", line.bare());
    field(entry, "PRIORITY", String.valueOf(PRIORITIES[line.severity()]));
    field(entry, "SYSLOG_IDENTIFIER", program);
    if (!line.relay().isEmpty()) {
      field(entry, "RELAY", line.relay());
      field(entry, "SESSION", String.valueOf(line.session()));
    }
    if (!socket.send(entry.toString().getBytes(StandardCharsets.ISO_8859_1))) {
      otherwise.write(line);
    }
  }

  /** No value has a line break: {@link LogText} has seen to that. */
  private static void field(StringBuilder entry, String name, String value) {
    entry.append(name).append('=').append(value).append('\n');
  }
}
