package dev.sluice.relay;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.fault.SessionFaults;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.stream.Dump;
import dev.sluice.stream.Inspection;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferSettings;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The raw copies and dumps of one session (options -r, -R, -v, -x): files opened with the session,
 * closed with it.
 */
final class SessionFiles implements AutoCloseable {
  /** Made with the first file: most sessions have none, and time zones take a while to read. */
  private static final class Names {
    static final Pattern PLACEHOLDER =
        Pattern.compile(
            "\\\\\\$|\\$\\$|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$([A-Za-z_][A-Za-z0-9_]*)");
    static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss");
    static final ZoneId ZONE = ZoneId.systemDefault();
  }

  private final @Nullable Fd leftFile;
  private final @Nullable Fd rightFile;
  private final RelayLog log;
  private final AtomicBoolean dumpFailed = new AtomicBoolean();

  private SessionFiles(@Nullable Fd leftFile, @Nullable Fd rightFile, RelayLog log) {
    this.leftFile = leftFile;
    this.rightFile = rightFile;
    this.log = log;
  }

  /** Whether there is anything to open, which may block. */
  static boolean areAskedFor(RelaySettings settings) {
    return settings.dumps().leftFile().isPresent() || settings.dumps().rightFile().isPresent();
  }

  /** Opens what the settings ask for; throws {@link OpenFailure}. */
  static SessionFiles open(RelaySettings settings, RelayLog log) {
    RelaySettings.Dumps dumps = settings.dumps();
    if (!areAskedFor(settings)) {
      return new SessionFiles(null, null, log);
    }
    long session = log.session();
    LocalDateTime now = LocalDateTime.now(Names.ZONE);
    Fd left = open("-r", dumps.leftFile(), settings.open(), session, now);
    try {
      return new SessionFiles(
          left, open("-R", dumps.rightFile(), settings.open(), session, now), log);
    } catch (OpenFailure e) {
      if (left != null) {
        left.close();
      }
      throw e;
    }
  }

  private static @Nullable Fd open(
      String option,
      Optional<String> pattern,
      OpenSettings settings,
      long session,
      LocalDateTime now) {
    if (pattern.isEmpty()) {
      return null;
    }
    String name = expand(pattern.get(), settings.programName(), session, now);
    try {
      return FileCalls.open(
          name, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.APPEND | OpenFlags.NONBLOCK, 0664);
    } catch (NativeError e) {
      throw OpenFailure.lasting("option " + option + " \"" + name + "\": " + e.reason());
    }
  }

  /** The name with its placeholders filled in. */
  static String expand(String pattern, String programName, long session, LocalDateTime now) {
    Matcher matcher = Names.PLACEHOLDER.matcher(pattern);
    StringBuilder name = new StringBuilder();
    while (matcher.find()) {
      String variable = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      matcher.appendReplacement(
          name,
          Matcher.quoteReplacement(
              replacement(matcher.group(), variable, programName, session, now)));
    }
    return matcher.appendTail(name).toString();
  }

  private static String replacement(
      String text, @Nullable String variable, String programName, long session, LocalDateTime now) {
    if (variable == null) {
      return text.equals("$$") ? Long.toString(session) : "$";
    }
    return switch (variable) {
      case "PROGNAME" -> programName;
      case "TIMESTAMP" -> Names.TIMESTAMP.format(now);
      case "MICROS" -> Integer.toString(now.getNano() / 1000);
      default -> ProcessVariables.all().getOrDefault(variable, "");
    };
  }

  TransferSettings transferSettings(RelaySettings settings, SessionFaults faults) {
    return new TransferSettings(
        settings.open().blockSize(),
        settings.exactBlocks(),
        settings.statistics(),
        settings.leftToRight(),
        settings.rightToLeft(),
        inspection(TransferDirection.LEFT_TO_RIGHT, copyTo(leftFile, "-r"), settings.dumps()),
        inspection(TransferDirection.RIGHT_TO_LEFT, copyTo(rightFile, "-R"), settings.dumps()),
        faults,
        settings.bandwidth(),
        TransferSettings.Plan.BEST);
  }

  private Inspection inspection(
      TransferDirection direction, @Nullable Consumer<byte[]> rawCopy, RelaySettings.Dumps dumps) {
    Dump dump =
        dumps.text() || dumps.hex() ? new Dump(direction.arrow(), dumps.text(), dumps.hex()) : null;
    if (rawCopy == null && dump == null) {
      return Inspection.NONE;
    }
    return new Inspection(rawCopy, dump, bytes -> show(bytes, dumps));
  }

  /** Copies blocks to a file; what can't be written is left out, and reported once. */
  private @Nullable Consumer<byte[]> copyTo(@Nullable Fd file, String option) {
    if (file == null) {
      return null;
    }
    AtomicBoolean failed = new AtomicBoolean();
    return bytes -> {
      file.hold();
      try {
        copy(bytes, file, option, failed);
      } finally {
        file.release();
      }
    };
  }

  private void copy(byte[] bytes, Fd file, String option, AtomicBoolean failed) {
    NativeBuffer buffer = NativeBuffer.of(bytes);
    int done = 0;
    while (done < bytes.length && !file.isClosed()) {
      int n = LibC.write(file.number(), buffer, done, bytes.length - done);
      if (n < 0 && file.isClosed()) {
        return;
      }
      if (n < 0) {
        if (!failed.getAndSet(true)) {
          log.warning(
              String.format(
                  "%s: write(%d, buff, %d): %s",
                  option, file.number(), bytes.length - done, Errno.text(-n)));
        }
        return;
      }
      done += n;
    }
  }

  /** Writes a part of the dump; what can't be written is left out, and reported once. */
  private void show(byte[] bytes, RelaySettings.Dumps dumps) {
    try {
      dumps.target().write(bytes);
      dumps.target().flush();
    } catch (IOException e) {
      if (!dumpFailed.getAndSet(true)) {
        log.warning("the dump of the data cannot be written: " + e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    if (leftFile != null) {
      leftFile.close();
    }
    if (rightFile != null) {
      rightFile.close();
    }
  }
}
