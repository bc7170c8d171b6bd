package dev.sluice.cli;

import dev.sluice.log.RelayLog;
import dev.sluice.option.CNumber;
import dev.sluice.os.DescriptorName;
import dev.sluice.os.DescriptorReport;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.InheritedDescriptors;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code filan}: tells what the descriptors are that it was started with, or what is at a path. */
final class Filan {
  private static final int DEFAULT_LIMIT = 1024;

  static final String HELP =
      """
      filan: tells what file descriptors are
      Usage:
      filan [options]
         options:
            -?|-h          prints this text
            -d             is more verbose (up to 4 times)
            -i<fdnum>      looks at this descriptor only
            -n<fdnum>      looks at the descriptors from 0 to fdnum-1 (default: 1024)
            -s             short output: kind, and path or addresses
            -S             short output with both addresses of every socket
            -f<filename>   looks at a path
            -T<seconds>    waits first
            -W             begins again whenever the window changes its size
            -r             raw output: devices as one number, times in seconds
            -L             looks at what a symbolic link leads to
            -o<filename>   writes there: a file, +<fdnum>, stdin, stdout or stderr
      """;

  private static final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean usage;

    Mistake(String message, boolean usage) {
      super(message, null, false, false);
      this.usage = usage;
    }
  }

  private final List<String> arguments;
  private int at;
  private int verbosity = 1;
  private @Nullable Integer only;
  private int limit = DEFAULT_LIMIT;
  private boolean brief;
  private boolean improved;
  private boolean raw;
  private boolean follow;
  private boolean again;
  private double delay;
  private @Nullable String path;
  private String target = "stdout";

  private Filan(List<String> arguments) {
    this.arguments = arguments;
  }

  /** Runs, and returns the exit status. */
  static int run(String programName, List<String> arguments) {
    Filan filan = new Filan(arguments);
    Mistake mistake = null;
    boolean help = false;
    try {
      help = filan.read();
    } catch (Mistake e) {
      mistake = e;
    }
    if (help) {
      System.out.print(HELP);
      return 0;
    }
    RelayLog log = PropertyTools.startLogging(programName, filan.verbosity);
    if (mistake != null) {
      log.error(String.valueOf(mistake.getMessage()));
      if (mistake.usage) {
        RelayLog.flush();
        System.err.print(HELP);
      }
      return 1;
    }
    try {
      filan.report(log);
      return 0;
    } catch (NativeError e) {
      log.error(e.getMessage());
      return 1;
    }
  }

  /** Reads the options; true when only help is wanted. */
  private boolean read() {
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      String word = arguments.get(at);
      switch (word.length() > 1 ? word.charAt(1) : ' ') {
        case 'h', '?' -> {
          return true;
        }
        case 'd' -> verbosity++;
        case 'i' -> only = number();
        case 'n' -> limit = number();
        case 's' -> brief = true;
        case 'S' -> brief = improved = true;
        case 'f' -> path = value();
        case 'T' -> delay = seconds();
        case 'W' -> again = true;
        case 'r' -> raw = true;
        case 'L' -> follow = true;
        case 'o' -> target = value();
        default -> throw new Mistake("unknown option " + word, true);
      }
      at++;
    }
    if (at < arguments.size()) {
      throw new Mistake((arguments.size() - at) + " superfluous arguments", false);
    }
    return false;
  }

  /** What follows the option, in the same word or the next. */
  private String value() {
    String word = arguments.get(at);
    if (word.length() > 2) {
      return word.substring(2);
    }
    if (at + 1 == arguments.size()) {
      throw new Mistake("option " + word + " requires an argument", true);
    }
    return arguments.get(++at);
  }

  private int number() {
    String option = arguments.get(at).substring(0, 2);
    String text = value();
    CNumber number = CNumber.parse(text, 0);
    if (number.length() == 0 || number.length() < text.length()) {
      throw new Mistake("not a numerical arg in \"" + option + " " + text + "\"", false);
    }
    return (int) number.value();
  }

  private double seconds() {
    String text = value();
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new Mistake("not a numerical arg in \"-T " + text + "\"", false);
    }
  }

  private void report(RelayLog log) {
    pause(delay);
    Fd out = open();
    AtomicLong changes = new AtomicLong();
    if (again) {
      Thread self = Thread.currentThread();
      Signals.whenWindowChanges(
          () -> {
            changes.incrementAndGet();
            LockSupport.unpark(self);
          });
    }
    long seen = 0;
    while (true) {
      write(out, text(log));
      if (!again) {
        return;
      }
      while (changes.get() == seen) {
        LockSupport.park();
      }
      seen = changes.get();
    }
  }

  private static void pause(double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private Fd open() {
    return switch (target) {
      case "stdin" -> Fd.borrowed(0);
      case "stdout" -> Fd.borrowed(1);
      case "stderr" -> Fd.borrowed(2);
      default -> {
        CNumber number = CNumber.parse(target.substring(1), 0);
        yield target.startsWith("+") && number.length() == target.length() - 1
            ? Fd.borrowed((int) number.value())
            : FileCalls.open(target, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC, 0666);
      }
    };
  }

  private String text(RelayLog log) {
    StringBuilder text = new StringBuilder();
    if (!brief && (only == null || isOpen(only))) {
      text.append(DescriptorReport.heading(raw)).append('\n');
    }
    if (path != null) {
      text.append(brief ? DescriptorName.ofPath(path) : pathLine(path, log)).append('\n');
    } else if (only != null) {
      describe(text, only, "", log);
    } else {
      for (int fd = 0; fd < limit; fd++) {
        describe(text, fd, String.format("%5d ", fd), log);
      }
    }
    return text.toString();
  }

  /** Whether the tool was started with it. */
  private static boolean isOpen(int fd) {
    return LibC.fcntl(fd, LibC.F_GETFD, 0) >= 0 && InheritedDescriptors.contains(fd);
  }

  private void describe(StringBuilder text, int fd, String number, RelayLog log) {
    if (isOpen(fd)) {
      DescriptorReport.peerError(fd)
          .ifPresent(e -> log.warning("getpeername(" + fd + "): " + e.reason()));
      String line =
          brief ? number + DescriptorName.of(fd, improved) : DescriptorReport.line(fd, raw);
      text.append(line).append('\n');
    }
  }

  private String pathLine(String name, RelayLog log) {
    if (FileCalls.stat(name) == null) {
      log.warning("lstat(\"" + name + "\"): No such file or directory");
    }
    int flags = OpenFlags.NOCTTY | OpenFlags.NONBLOCK | (follow ? 0 : OpenFlags.NOFOLLOW);
    Fd fd = null;
    try {
      fd = FileCalls.open(name, flags, 0700);
    } catch (NativeError e) {
      log.warning(
          "open(\""
              + name
              + "\", O_RDONLY|O_NOCTTY|O_NONBLOCK"
              + (follow ? "" : "|O_NOFOLLOW")
              + "|O_LARGEFILE, 0700): "
              + e.reason());
    }
    try {
      return DescriptorReport.pathLine(name, fd == null ? -1 : fd.number(), follow, raw);
    } finally {
      if (fd != null) {
        fd.close();
      }
    }
  }

  private static void write(Fd out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    NativeBuffer buffer = NativeBuffer.of(bytes);
    for (int done = 0; done < bytes.length; ) {
      int n = LibC.write(out.number(), buffer, done, bytes.length - done);
      done += LibC.check(n, "write(" + out + ")");
    }
  }
}
