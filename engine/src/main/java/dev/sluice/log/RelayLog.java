package dev.sluice.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes log lines in the name of a relay or of one of its sessions. Immutable and thread-safe; a
 * line that is not wanted costs one test.
 *
 * <p>Lines go to the SLF4J logger {@code dev.sluice.relay} with two key-values, {@link #SESSION}
 * and {@link #SEVERITY}, from which the command line's layout makes socat's line format.
 */
public final class RelayLog {
  /** Name of the SLF4J logger. */
  public static final String LOGGER = "dev.sluice.relay";

  /** Key of the session's number in an event. */
  public static final String SESSION = "session";

  /** Key of the {@link Severity} in an event. */
  public static final String SEVERITY = "severity";

  /** Name of the SLF4J logger for lines that appear whatever the verbosity. */
  public static final String ALWAYS_LOGGER = "dev.sluice.always";

  private static final Logger ALWAYS = LoggerFactory.getLogger(ALWAYS_LOGGER);
  private static final Logger OUT = LoggerFactory.getLogger(LOGGER);

  /** What has the lines written that wait. */
  private static volatile Runnable flusher = () -> {};

  private final long session;
  private final int lowering;

  private RelayLog(long session, int lowering) {
    this.session = session;
    this.lowering = lowering;
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
    return new RelayLog(ProcessHandle.current().pid(), 0);
  }

  /** A session's own log; {@code loweredBy} steps make each line less grave than it would be. */
  public RelayLog forSession(long number, int loweredBy) {
    return new RelayLog(number, lowering + loweredBy);
  }

  /** The same without making lines less grave. */
  public RelayLog unlowered() {
    return lowering == 0 ? this : new RelayLog(session, 0);
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
    return OUT.isEnabledForLevel(severity.lowered(lowering).level());
  }

  /** Writes one line. */
  public void write(Severity severity, String text) {
    Severity lowered = severity.lowered(lowering);
    if (OUT.isEnabledForLevel(lowered.level())) {
      OUT.atLevel(lowered.level())
          .addKeyValue(SESSION, session)
          .addKeyValue(SEVERITY, lowered)
          .log(text);
    }
  }

  /**
   * Writes one line if it is wanted; {@code arguments} replace {@code %s} in the text as in {@link
   * String#format}.
   */
  public void write(Severity severity, String format, Object... arguments) {
    if (has(severity)) {
      write(severity, String.format(format, arguments));
    }
  }

  /** Writes one line whatever the verbosity. */
  public void always(Severity severity, String text) {
    ALWAYS
        .atLevel(severity.level())
        .addKeyValue(SESSION, session)
        .addKeyValue(SEVERITY, severity)
        .log(text);
  }

  public void error(String text) {
    write(Severity.ERROR, text);
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
