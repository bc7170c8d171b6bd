package dev.sluice.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes log lines in the name of a relay or of one of its sessions. Immutable and thread-safe; a
 * line that is not wanted costs one test.
 *
 * <p>Lines go to the SLF4J logger {@code dev.sluice.relay} with the key-values {@link #SESSION},
 * {@link #SEVERITY} and, in a fleet, {@link #RELAY}, from which the command line's layout makes
 * socat's line format.
 */
public final class RelayLog {
  /** Name of the SLF4J logger. */
  public static final String LOGGER = "dev.sluice.relay";

  /** Key of the session's number in an event. */
  public static final String SESSION = "session";

  /** Key of the {@link Severity} in an event. */
  public static final String SEVERITY = "severity";

  /** Key of the relay's name in an event, where there are many. */
  public static final String RELAY = "relay";

  /** Key of what may help the user, in an event that has such a hint. */
  public static final String HINT = "hint";

  /** Name of the SLF4J logger for lines that appear whatever the verbosity. */
  public static final String ALWAYS_LOGGER = "dev.sluice.always";

  /** Made with the first line: they start the logging system, which takes as long as all of -V. */
  private static final class Loggers {
    static final Logger ALWAYS = LoggerFactory.getLogger(ALWAYS_LOGGER);
    static final Logger OUT = LoggerFactory.getLogger(LOGGER);
  }

  /** What has the lines written that wait. */
  private static volatile Runnable flusher = () -> {};

  private final long session;
  private final int lowering;
  private final @Nullable Voice voice;

  private RelayLog(long session, int lowering, @Nullable Voice voice) {
    this.session = session;
    this.lowering = lowering;
    this.voice = voice;
  }

  /** One relay among many of a process: what its lines look like, and who hears them. */
  public interface Voice {
    /** The relay's name. */
    String relay();

    /** The line as it is to be written. */
    String line(String text);

    /** A hint as it is to be written. */
    default String hint(String hint) {
      return hint;
    }

    /**
     * Told of each line that is a warning or graver, written or not; on the thread of the relay or
     * session, so it must not block.
     *
     * @param hint what may help; empty when nothing is known
     */
    void heard(Severity severity, long session, String text, String hint);
  }

  /** The same log in the voice of one relay; its sessions have it too. */
  public RelayLog in(Voice newVoice) {
    return new RelayLog(session, lowering, newVoice);
  }

  /**
   * Says how lines that wait to be written get written, where a thread of its own writes them.
   *
   * @param action returns when they are written, or when that takes too long
   */
  public static void flushedBy(Runnable action) {
    flusher = action;
  }

  /** Waits until the lines until now are written: the process ends, or becomes another program. */
  public static void flush() {
    flusher.run();
  }

  /** The log of the process itself. */
  public static RelayLog ofProcess() {
    return new RelayLog(ProcessHandle.current().pid(), 0, null);
  }

  /** A session's own log; {@code loweredBy} steps make each line less grave than it would be. */
  public RelayLog forSession(long number, int loweredBy) {
    return new RelayLog(number, lowering + loweredBy, voice);
  }

  /** The same without making lines less grave. */
  public RelayLog unlowered() {
    return lowering == 0 ? this : new RelayLog(session, 0, voice);
  }

  /**
   * What identifies the session in log lines and to programs: the process id, or a number of its
   * own.
   */
  public long session() {
    return session;
  }

  /** Whether a line of this severity would be written. */
  public boolean has(Severity severity) {
    return Loggers.OUT.isEnabledForLevel(severity.lowered(lowering).level());
  }

  /** Writes one line. */
  public void write(Severity severity, String text) {
    writeHinted(severity, text, "");
  }

  private void writeHinted(Severity severity, String text, String hint) {
    Severity lowered = severity.lowered(lowering);
    if (voice != null && severity.compareTo(Severity.WARNING) <= 0) {
      voice.heard(severity, session, text, hint);
    }
    if (Loggers.OUT.isEnabledForLevel(lowered.level())) {
      LoggingEventBuilder event = Loggers.OUT.atLevel(lowered.level());
      write(hint.isEmpty() ? event : event.addKeyValue(HINT, shown(hint)), lowered, text);
    }
  }

  private String shown(String hint) {
    return voice == null ? hint : voice.hint(hint);
  }

  private void write(LoggingEventBuilder event, Severity severity, String text) {
    LoggingEventBuilder full = event.addKeyValue(SESSION, session).addKeyValue(SEVERITY, severity);
    if (voice == null) {
      full.log(text);
    } else {
      full.addKeyValue(RELAY, voice.relay()).log(voice.line(text));
    }
  }

  /**
   * Writes one line if it is wanted; {@code arguments} replace {@code %s} in the text as in {@link
   * String#format}.
   */
  public void write(Severity severity, String format, Object... arguments) {
    if (has(severity) || (voice != null && severity.compareTo(Severity.WARNING) <= 0)) {
      write(severity, String.format(format, arguments));
    }
  }

  /** Writes one line whatever the verbosity. */
  public void always(Severity severity, String text) {
    write(Loggers.ALWAYS.atLevel(severity.level()), severity, text);
  }

  public void error(String text) {
    write(Severity.ERROR, text);
  }

  /**
   * Writes an error.
   *
   * @param hint what may help the user; empty when nothing is known. It is data of the event, which
   *     a layout may leave out
   */
  public void error(String text, String hint) {
    writeHinted(Severity.ERROR, text, hint);
  }

  public void warning(String text) {
    write(Severity.WARNING, text);
  }

  public void notice(String format, Object... arguments) {
    write(Severity.NOTICE, format, arguments);
  }

  public void info(String format, Object... arguments) {
    write(Severity.INFO, format, arguments);
  }

  public void debug(String format, Object... arguments) {
    write(Severity.DEBUG, format, arguments);
  }
}
