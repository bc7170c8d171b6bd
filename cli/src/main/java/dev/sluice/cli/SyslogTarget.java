package dev.sluice.cli;

import dev.sluice.log.Severity;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The system log, over its local socket, in the format of RFC 3164 as the C library writes it. A
 * line that the socket has no room for, or that nobody takes, is lost and counted; the count is
 * sent with the next line that gets through.
 */
final class SyslogTarget implements LogTarget {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss", Locale.ROOT);

  /** syslog(3)'s codes, shifted as in a priority. */
  private static final Map<String, Integer> FACILITIES =
      Map.ofEntries(
          Map.entry("kern", 0),
          Map.entry("user", 1),
          Map.entry("mail", 2),
          Map.entry("daemon", 3),
          Map.entry("auth", 4),
          Map.entry("security", 4),
          Map.entry("syslog", 5),
          Map.entry("lpr", 6),
          Map.entry("news", 7),
          Map.entry("uucp", 8),
          Map.entry("cron", 9),
          Map.entry("authpriv", 10),
          Map.entry("ftp", 11),
          Map.entry("local0", 16),
          Map.entry("local1", 17),
          Map.entry("local2", 18),
          Map.entry("local3", 19),
          Map.entry("local4", 20),
          Map.entry("local5", 21),
          Map.entry("local6", 22),
          Map.entry("local7", 23));

  /** syslog(3)'s priorities of our severities, from fatal to debug. */
  private static final int[] PRIORITIES = {2, 3, 4, 5, 6, 7};

  private static final int WARNING = Severity.WARNING.ordinal();

  private final int facility;
  private final String ident;
  private final LogSocket socket = new LogSocket("/dev/log");
  private long lost;

  SyslogTarget(int facility, String ident) {
    this.facility = facility;
    this.ident = ident;
  }

  /** The code of a facility's name, in any case; null when there is none of that name. */
  static @Nullable Integer facility(String name) {
    return FACILITIES.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public synchronized void write(LogWriter.Line line) {
    if (lost > 0 && send(Severity.WARNING.letter() + " " + LogTarget.lossReport(lost), WARNING)) {
      lost = 0;
    }
    if (!send(line.bare(), line.severity())) {
      lost++;
    }
  }

  /** Whether the log daemon's socket has taken it. */
  private boolean send(String bare, int severity) {
    String time = TIME.format(LocalDateTime.now(ZoneId.systemDefault()));
    if (time.charAt(5) == ' ') {
      time = time.substring(0, 4) + " " + time.substring(4);
    }
    String text =
        "<" + (facility * 8 + PRIORITIES[severity]) + ">" + time + " " + ident + ": " + bare;
    return socket.send(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
