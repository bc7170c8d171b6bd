package dev.sluice.cli;

import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.log.RelayLog;
import dev.sluice.spec.Problems;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The program. Reads the command line and, when it is in order, starts the relay; help, version and
 * errors in the command line need neither Akka nor native calls.
 */
public final class Main {
  /** What is said where {@link #isOutOfThreads}. */
  static final String OUT_OF_THREADS =
      "the system gives no more threads: see ulimit -u, and the limit of tasks of the control group";

  private Main() {}

  /** Runs, and ends the process with the relay's exit status. */
  public static void main(String[] arguments) {
    TlsProperties.set();
    Locale.setDefault(Locale.ROOT); // digits and texts are for scripts
    nameProcess();
    int status;
    try {
      status = run(programName(), bytewise(arguments));
    } catch (RuntimeException | Error e) {
      tellWhy(e);
      status = 1;
    }
    System.out.flush();
    RelayLog.flush();
    Runtime.getRuntime().halt(status);
  }

  /** Says why the program can't run: in a sentence where the system gives no thread. */
  private static void tellWhy(Throwable failure) {
    if (isOutOfThreads(failure)) {
      System.err.println(programName() + ": " + OUT_OF_THREADS);
    } else {
      failure.printStackTrace();
    }
  }

  /** Whether it is for want of a thread: the JVM has no type of its own for that. */
  static boolean isOutOfThreads(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError
          && String.valueOf(cause.getMessage()).contains("native thread")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Makes {@code ps} and {@code pkill} know the process by the program's name, not as {@code java}.
   * See proc(5), comm.
   */
  private static void nameProcess() {
    try {
      Files.writeString(Path.of("/proc/self/comm"), programName());
    } catch (IOException e) {
      return; // a name is a comfort, no more
    }
  }

  /** The name that it was called by. */
  static String programName() {
    return System.getProperty("sluice.name", "sluice");
  }

  /** The arguments with one character for each byte, whatever the locale made of them. */
  private static List<String> bytewise(String[] arguments) {
    if (isAscii(arguments)) {
      return List.of(arguments);
    }
    try {
      String all = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
      List<String> words = List.of(all.substring(0, all.length() - 1).split("\0", -1));
      return words.subList(words.size() - arguments.length, words.size());
    } catch (IOException e) {
      return List.of(arguments);
    }
  }

  /** By loops: the classes behind streams and lambdas would be a tenth of -V. */
  private static boolean isAscii(String[] arguments) {
    for (String argument : arguments) {
      for (int i = 0; i < argument.length(); i++) {
        if (argument.charAt(i) == 0 || argument.charAt(i) >= 0x80) {
          return false;
        }
      }
    }
    return true;
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int run(String programName, List<String> arguments) {
    if (programName.equals("filan")) {
      return Filan.run(programName, arguments);
    } else if (programName.equals("procan")) {
      return Procan.run(programName, arguments);
    }
    if (isFleet(programName, arguments)) {
      return FleetProgram.run(arguments);
    }
    CommandLine line = new CommandLine(programName, arguments, System.getenv());
    sleep(line.startPause());
    CommandLine.Request request = line.read();
    if (request instanceof CommandLine.Version) {
      return print(VersionText.render());
    } else if (request instanceof CommandLine.Help help) {
      return print(HelpText.render(Catalog.load(), programName, help.detail()));
    } else if (request instanceof CommandLine.Refuse refuse) {
      System.err.println(refuse.text());
      return 1;
    } else if (request instanceof CommandLine.Usage) {
      System.err.print(HelpText.render(Catalog.load(), programName, 1));
      return 1;
    }
    if (request instanceof CommandLine.Mistake mistake) {
      return startLogging(line.logSettings()) == null
          ? 1
          : fail(RelayLog.ofProcess(), mistake.message());
    }
    return run((CommandLine.Run) request, line, programName);
  }

  private static int run(CommandLine.Run run, CommandLine line, String programName) {
    Packaged packaged = Packaged.find();
    StartingActors actors = StartingActors.begin(packaged);
    Logging.LineAppender appender = startLogging(line.logSettings());
    if (appender == null) {
      return 1;
    }
    if (run.usageFirst()) {
      System.err.print(HelpText.render(Catalog.load(), programName, 1));
    }
    Catalog catalog = Packaged.catalog(packaged);
    return relay(run, catalog, actors, appender);
  }

  /** Whether many relays are asked for. A program called socat knows no such word. */
  private static boolean isFleet(String programName, List<String> arguments) {
    return !programName.equals("socat")
        && !arguments.isEmpty()
        && (arguments.get(0).equals(FleetProgram.WORD)
            || arguments.get(0).equals(FleetProgram.CLUSTER));
  }

  private static int print(String text) {
    PrintStream out =
        new PrintStream(
            new FileOutputStream(FileDescriptor.out), false, StandardCharsets.ISO_8859_1);
    out.print(text);
    out.flush();
    return 0;
  }

  private static Logging.@Nullable LineAppender startLogging(LogSettings settings) {
    try {
      return Logging.configure(settings);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).replaceFirst("^.*\\((.*)\\)$", "$1");
      startLogging(LogSettings.standard(settings.programName()));
      return failed(
          RelayLog.ofProcess(),
          "cannot open log file \"" + settings.file().orElse("") + "\": " + reason);
    }
  }

  private static Logging.@Nullable LineAppender failed(RelayLog log, String message) {
    fail(log, message);
    return null;
  }

  private static int fail(RelayLog log, String message) {
    Problems one = new Problems();
    one.add(message);
    return fail(log, one);
  }

  private static int fail(RelayLog log, Problems problems) {
    report(log, problems);
    log.notice("exit(1)");
    return 1;
  }

  private static void report(RelayLog log, Problems problems) {
    problems.all().forEach(problem -> log.error(problem.message(), problem.hint()));
  }

  private static int relay(
      CommandLine.Run run, Catalog catalog, StartingActors actors, Logging.LineAppender appender) {
    RelayLog log = RelayLog.ofProcess();
    Problems problems = new Problems();
    AddressPair left =
        catalog.read(run.left(), run.checkGroups(), run.settings().sloppy(), problems);
    AddressPair right =
        catalog.read(run.right(), run.checkGroups(), run.settings().sloppy(), problems);
    if (left == null || right == null || !left.goesWith(right, problems)) {
      return fail(log, problems);
    }
    if (run.progress().isAskedFor() && (RelayProcess.forks(left) || RelayProcess.forks(right))) {
      return fail(log, "option --progress shows one transfer, so not those of option fork");
    }
    report(log, problems);
    NativeCrypto.prepare(left, right, Main::meanwhile);
    return new RelayProcess(run, left, right, actors, log, appender).run();
  }

  /** Does work while the addresses are read. */
  private static void meanwhile(Runnable work) {
    Thread thread = new Thread(work, "meanwhile");
    thread.setDaemon(true);
    thread.start();
  }
}
