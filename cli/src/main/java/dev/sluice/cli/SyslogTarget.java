package dev.sluice.cli;

import dev.sluice.log.Severity;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system log, over its local socket, in the format of RFC 3164 as the C library writes it. A
 * line that the socket has no room for, or that nobody takes, is lost and counted; the count is
 * sent with the next line that gets through. Connects again when the log daemon was started anew.
 */
final class SyslogTarget implements LogTarget {
  private static final String SOCKET = "/dev/log";
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

  /** What a write says when the log daemon that we were connected to is gone. */
  private static final Set<Integer> DISCONNECTED =
      Set.of(Errno.ECONNREFUSED, Errno.ENOTCONN, Errno.ECONNRESET, Errno.EPIPE);

  private final int facility;
  private final String ident;
  private @Nullable Fd socket;
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
  public synchronized void write(String line, String bare, int severity) {
    if (lost > 0 && send(Severity.WARNING.letter() + " " + LogTarget.lossReport(lost), WARNING)) {
      lost = 0;
    }
    if (!send(bare, severity)) {
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
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    boolean connected = socket != null;
    int result = send(bytes);
    if (connected && DISCONNECTED.contains(-result)) {
      result = send(bytes);
    }
    return result >= 0;
  }

  /** One attempt, which never waits; bytes sent or {@code -errno}. */
  private int send(byte[] bytes) {
    try {
      Fd fd = connect();
      if (fd == null) {
        return -Errno.ENOTCONN;
      }
      int result = LibC.write(fd.number(), NativeBuffer.of(bytes), 0, bytes.length);
      if (DISCONNECTED.contains(-result)) {
        socket = null;
        fd.close();
      }
      return result;
    } catch (NativeError e) { // no socket to be had
      return -e.errno();
    }
  }

  private @Nullable Fd connect() {
    if (socket == null) {
      int type = SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_NONBLOCK;
      Fd fd = SocketCalls.socket(SocketAddressBytes.AF_UNIX, type, 0);
      if (SocketCalls.connect(fd.number(), SocketAddressBytes.ofUnix(SOCKET, false, true)) < 0) {
        fd.close();
        return null;
      }
      socket = fd;
    }
    return socket;
  }
}
