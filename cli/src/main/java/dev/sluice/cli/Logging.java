package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.spec.Problem;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * Logback, configured in code: socat's line format, to stderr, a file, syslog, or the journal.
 *
 * <pre>{@code YYYY/MM/DD HH:MM:SS[.uuuuuu] [host ]program[pid] L text}</pre>
 */
final class Logging {
  private static final int LINE_LIMIT = 512;

  private Logging() {}

  /** Sets Logback up; throws when the log file cannot be opened. */
  static LineAppender configure(LogSettings settings) throws IOException {
    LogbackAlone.choose();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LineAppender appender = new LineAppender(settings);
    appender.setContext(context);
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    context.getLogger(RelayLog.LOGGER).setLevel(level(settings.verbosity()));
    context.getLogger(RelayLog.ALWAYS_LOGGER).setLevel(Level.TRACE);
    RelayLog.flushedBy(appender.writer::flush);
    return appender;
  }

  private static Level level(int verbosity) {
    return switch (Math.max(-1, Math.min(4, verbosity))) {
      case -1 -> Level.OFF;
      case 0 -> Level.ERROR;
      case 1 -> Level.WARN;
      case 2 -> Level.INFO;
      case 3 -> Level.DEBUG;
      default -> Level.TRACE;
    };
  }

  /** Has each event written as one line to each target; see {@link LogWriter}. */
  static final class LineAppender extends AppenderBase<ILoggingEvent> {
    /** Made with the first line, for many a run logs none and time zones take a while to read. */
    private static final class Clock {
      static final DateTimeFormatter SECONDS =
          DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss").withZone(ZoneId.systemDefault());
    }

    private final LogSettings settings;
    private final LogWriter writer = new LogWriter(this::lossReport);
    private final long pid = ProcessHandle.current().pid();

    /** The second of the last line, and how it is written: many lines may share one. */
    private long second = Long.MIN_VALUE;

    private volatile List<LogTarget> targets;

    private String writtenSecond = "";

    LineAppender(LogSettings settings) throws IOException {
      this.settings = settings;
      List<LogTarget> first = new ArrayList<>();
      if (settings.stderr()) {
        first.add(
            settings.journal()
                ? new JournalTarget(
                    JournalTarget.SOCKET, settings.programName(), LogTarget.stderr())
                : LogTarget.stderr());
      }
      if (settings.file().isPresent()) {
        first.add(LogTarget.file(settings.file().get()));
      }
      if (!settings.mixed()) {
        syslog().ifPresent(first::add);
      }
      targets = List.copyOf(first);
      if (settings.syslogFacility().isPresent()) {
        writer.start(); // a session that logs first may have another root, without /dev/log
      }
    }

    private Optional<LogTarget> syslog() {
      return settings
          .syslogFacility()
          .map(facility -> new SyslogTarget(facility, settings.programName() + "[" + pid + "]"));
    }

    /** In mixed mode syslog takes over now. */
    void transferStarts() {
      if (settings.mixed()) {
        targets = syslog().map(List::of).orElse(List.of());
      }
    }

    @Override
    protected void append(ILoggingEvent event) {
      long session = pid;
      String relay = "";
      Severity severity = severity(event.getLevel());
      String hint = "";
      List<KeyValuePair> facts = event.getKeyValuePairs();
      if (facts != null) {
        for (KeyValuePair fact : facts) {
          if (fact.value instanceof Severity given) {
            severity = given;
          } else if (fact.value instanceof Long number) {
            session = number;
          } else if (fact.key.equals(RelayLog.RELAY)) {
            relay = String.valueOf(fact.value);
          } else if (fact.key.equals(RelayLog.HINT)) {
            hint = String.valueOf(fact.value);
          }
        }
      }
      String text = LogText.visible(text(event, hint));
      writer.add(line(event.getInstant(), session, relay, severity, text));
    }

    private LogWriter.Line lossReport(long lost) {
      return line(Instant.now(), pid, "", Severity.WARNING, LogTarget.lossReport(lost));
    }

    /** Called {@code socat}, it says what socat would say, and no more. */
    private static String text(ILoggingEvent event, String hint) {
      String text = event.getFormattedMessage();
      return hint.isEmpty() || Main.programName().equals("socat")
          ? text
          : new Problem(text, hint).toString();
    }

    private static Severity severity(Level level) {
      return switch (level.toInt()) {
        case Level.ERROR_INT -> Severity.ERROR;
        case Level.WARN_INT -> Severity.WARNING;
        case Level.INFO_INT -> Severity.NOTICE;
        case Level.DEBUG_INT -> Severity.INFO;
        default -> Severity.DEBUG;
      };
    }

    private synchronized LogWriter.Line line(
        Instant time, long session, String relay, Severity severity, String text) {
      String bare = severity.letter() + " " + text;
      StringBuilder line = new StringBuilder(80 + bare.length());
      if (time.getEpochSecond() != second) {
        second = time.getEpochSecond();
        writtenSecond = Clock.SECONDS.format(time);
      }
      line.append(writtenSecond);
      if (settings.microseconds()) {
        line.append('.')
            .append(Integer.toString(1_000_000 + time.get(ChronoField.MICRO_OF_SECOND)), 1, 7);
      }
      line.append(' ');
      settings.hostName().ifPresent(host -> line.append(host).append(' '));
      line.append(settings.programName()).append('[').append(session).append("] ").append(bare);
      if (line.length() > LINE_LIMIT) {
        line.setLength(LINE_LIMIT);
      }
      return new LogWriter.Line(
          targets, line.append('\n').toString(), bare, severity.ordinal(), session, relay);
    }
  }
}
