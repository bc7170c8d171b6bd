package dev.sluice.cli;

import dev.sluice.catalog.OpenSettings;
import dev.sluice.option.CNumber;
import dev.sluice.relay.RelaySettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command line: options from the left, up to the first word that is none, then two
 * addresses.
 *
 * <p>Single letters are never merged; values stand behind their option, with or without a blank.
 */
final class CommandLine {
  /** What a command line asks for. */
  sealed interface Request {}

  /** Print the version. */
  record Version() implements Request {}

  /** Print help; {@code detail} is 1 to 3. */
  record Help(int detail) implements Request {}

  /** Print plain text on stderr, and end with status 1. */
  record Refuse(String text) implements Request {}

  /** Print usage on stderr, and end with status 1. */
  record Usage() implements Request {}

  /** Log an error, and end with status 1. */
  record Mistake(String message, boolean usage) implements Request {}

  /** Relay. */
  record Run(
      String left,
      String right,
      RelaySettings settings,
      boolean checkGroups,
      int signalMask,
      Optional<String> lockFile,
      boolean waitForLock,
      boolean usageFirst,
      Progress progress)
      implements Request {}

  private static final String SEE_HELP = "; use option \"-h\" for help";
  private static final String UNMERGEABLE = "vxsuUgD046";

  /** HUP INT QUIT ILL ABRT BUS FPE SEGV TERM, each as the bit of its number. */
  static final int DEFAULT_SIGNALS =
      1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 11 | 1 << 15;

  private final List<String> arguments;
  private final Map<String, String> environment;
  private int at;

  private int verbosity = 1;
  private String programName;
  private boolean microseconds;
  private boolean hostName;
  private boolean stderr = true;
  private @Nullable String logFile;
  private @Nullable Integer facility;
  private boolean mixed;

  private boolean text;
  private boolean hex;
  private @Nullable String leftFile;
  private @Nullable String rightFile;

  /** Each direction of each session may hold as many bytes. */
  private static final int MOST_BLOCK = 16 * 1024 * 1024;

  private int blockSize = 8192;
  private boolean blockGiven;
  private boolean sloppy;
  private int signals = DEFAULT_SIGNALS;
  private Duration halfClose = Duration.ofMillis(500);
  private @Nullable Duration inactivity;
  private boolean toRightOnly;
  private boolean toLeftOnly;
  private boolean checkGroups = true;
  private boolean experimental;
  private boolean statistics;
  private int progressAsked;
  private boolean describe;
  private @Nullable String lockFile;
  private boolean waitForLock;
  private int listenFamily;
  private int resolveFamily;
  private boolean usageFirst;

  CommandLine(String programName, List<String> arguments, Map<String, String> environment) {
    this.programName = programName;
    this.arguments = arguments;
    this.environment = environment;
    this.listenFamily = family(environment.get("SOCAT_DEFAULT_LISTEN_IP"));
    this.resolveFamily = family(environment.get("SOCAT_PREFERRED_RESOLVE_IP"));
  }

  /**
   * How long to pause at the start of the program; scripts set it, like {@code SOCAT_FORK_WAIT} and
   * {@code SOCAT_TRANSFER_WAIT}, to attach a debugger meanwhile.
   */
  Duration startPause() {
    return pause("SOCAT_MAIN_WAIT");
  }

  /** The seconds that a variable begins with. */
  private Duration pause(String name) {
    String text = environment.get(name);
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher digits = Pattern.compile("\\s*\\+?(\\d{1,9})").matcher(text);
    return digits.lookingAt() ? Duration.ofSeconds(Long.parseLong(digits.group(1))) : Duration.ZERO;
  }

  private static int family(@Nullable String text) {
    return text == null || text.startsWith("4") ? 4 : text.startsWith("6") ? 6 : 0;
  }

  /** The log as far as it has been described. */
  LogSettings logSettings() {
    return new LogSettings(
        verbosity,
        programName,
        microseconds,
        hostName ? Optional.of(LogSettings.hostName(environment)) : Optional.empty(),
        stderr,
        false,
        Optional.ofNullable(logFile),
        Optional.ofNullable(facility),
        mixed);
  }

  /** Reads everything. */
  Request read() {
    while (at < arguments.size() && isOption(arguments.get(at))) {
      Request request = option(arguments.get(at++));
      if (request != null) {
        return request;
      }
    }
    int count = arguments.size() - at;
    if (count != 2) {
      return new Mistake(
          "exactly 2 addresses required (there are " + count + ")" + SEE_HELP, false);
    }
    if (toRightOnly && toLeftOnly) {
      return new Mistake("-U and -u must not be combined", false);
    }
    Progress progress = new Progress(progressAsked);
    return new Run(
        arguments.get(at),
        arguments.get(at + 1),
        settings(progress),
        checkGroups,
        signals,
        Optional.ofNullable(lockFile),
        waitForLock,
        usageFirst,
        progress);
  }

  private RelaySettings settings(Progress progress) {
    RelaySettings.Dumps dumps =
        new RelaySettings.Dumps(
            text,
            hex,
            DumpStream.shared(),
            Optional.ofNullable(leftFile),
            Optional.ofNullable(rightFile));
    return RelaySettings.DEFAULT.toBuilder()
        .open(
            new OpenSettings(
                programName,
                listenFamily,
                resolveFamily,
                blockSize,
                experimental,
                pause("SOCAT_FORK_WAIT")))
        .halfCloseTimeout(halfClose)
        .inactivityTimeout(Optional.ofNullable(inactivity))
        .leftToRight(!toLeftOnly)
        .rightToLeft(!toRightOnly)
        .sloppy(sloppy)
        .exactBlocks(blockGiven || statistics)
        .dumps(dumps)
        .statistics(statistics)
        .describeDescriptors(describe)
        .transferPause(pause("SOCAT_TRANSFER_WAIT"))
        .onTransfer(progress::started)
        .build();
  }

  private static boolean isOption(String word) {
    return word.startsWith("-")
        && !word.equals("-")
        && !word.startsWith("-,")
        && !word.startsWith("-:")
        && !word.startsWith("-!");
  }

  /** Takes one option; null to go on. */
  private @Nullable Request option(String word) {
    if (word.length() > 2 && UNMERGEABLE.indexOf(word.charAt(1)) >= 0) {
      String apart = "-" + word.charAt(1) + " -" + word.charAt(2);
      return new Refuse(
          "Do not merge single character options, i.e. use \""
              + apart
              + "\" instead of \""
              + word
              + "\"");
    }
    return switch (word.charAt(1)) {
      case 'V' -> word.equals("-V") ? new Version() : new Usage();
      case 'h', '?' -> new Help(helpDetail(word));
      case 'd' -> verbosity(word);
      case 'l' -> logOption(word);
      case '-' -> longOption(word);
      case 'b', 't', 'T', 'r', 'R', 'S', 'L', 'W' -> valued(word);
      default -> flag(word);
    };
  }

  private static int helpDetail(String word) {
    int detail = 1;
    while (detail < 3 && detail + 1 < word.length() && word.charAt(detail + 1) == word.charAt(1)) {
      detail++;
    }
    return detail;
  }

  private @Nullable Request flag(String word) {
    switch (word.charAt(1)) {
      case 'v' -> text = true;
      case 'x' -> hex = true;
      case 's' -> sloppy = true;
      case 'u' -> toRightOnly = true;
      case 'U' -> toLeftOnly = true;
      case 'g' -> checkGroups = false;
      case 'D' -> describe = true;
      case '0', '4', '6' -> {
        listenFamily = word.charAt(1) - '0';
        resolveFamily = listenFamily;
      }
      default -> {
        return unknown(word);
      }
    }
    return null;
  }

  private static Mistake unknown(String word) {
    return new Mistake("unknown option \"" + word + "\"" + SEE_HELP, false);
  }

  private @Nullable Request longOption(String word) {
    switch (word) {
      case "--experimental" -> experimental = true;
      case "--statistics" -> statistics = true;
      case "--progress" -> progressAsked++;
      default -> {
        return unknown(word);
      }
    }
    return null;
  }

  private @Nullable Request verbosity(String word) {
    String rest = word.substring(2);
    if (rest.matches("d{0,3}")) {
      verbosity =
          Math.min(
              4, verbosity == 1 && !levelSet ? rest.length() + 1 : verbosity + rest.length() + 1);
      levelSet = true;
      return null;
    }
    if (rest.matches("-?[0-9]+.*")) {
      CNumber number = CNumber.parse(rest, 10);
      if (number.length() < rest.length()) {
        return new Mistake(
            "Invalid (trailing) character(s) \"" + rest.charAt(0) + "\" in \"" + word + "\"option",
            false);
      }
      if (number.value() <= 4) {
        verbosity = (int) number.value();
        levelSet = true;
        return null;
      }
    }
    if (rest.length() > 1) {
      return new Usage();
    }
    usageFirst = true;
    return null;
  }

  private boolean levelSet;

  private @Nullable Request logOption(String word) {
    char kind = word.length() > 2 ? word.charAt(2) : ' ';
    String rest = word.length() > 3 ? word.substring(3) : "";
    switch (kind) {
      case 'y', 'm' -> {
        Integer code = SyslogTarget.facility(rest.isEmpty() ? "daemon" : rest);
        if (code == null) {
          return new Mistake("unknown syslog facility \"" + rest + "\"", false);
        }
        facility = code;
        mixed = kind == 'm';
        stderr = mixed;
      }
      case 'f', 'p' -> {
        String value = rest.isEmpty() ? next() : rest;
        if (value == null) {
          return missing(word);
        }
        if (kind == 'p') {
          programName = value;
        } else {
          logFile = value;
          stderr = false;
        }
      }
      case 's' -> stderr = true;
      case 'u' -> microseconds = true;
      case 'h' -> hostName = true;
      default -> {
        return new Mistake("unknown log option \"" + word + "\"" + SEE_HELP, false);
      }
    }
    return null;
  }

  private @Nullable String next() {
    return at < arguments.size() ? arguments.get(at++) : null;
  }

  private static Mistake missing(String word) {
    return new Mistake("option " + word + " requires an argument" + SEE_HELP, false);
  }

  private @Nullable Request valued(String word) {
    String name = word.substring(0, 2);
    String value = word.length() > 2 ? word.substring(2) : next();
    if (value == null) {
      return missing(name);
    }
    try {
      switch (word.charAt(1)) {
        case 'b' -> {
          long size = OptionNumbers.blockSize(value);
          if (size <= 0) {
            return new Mistake("option -b requires a positive number", false);
          }
          if (size > MOST_BLOCK) {
            return new Mistake("option -b takes " + MOST_BLOCK + " at most", false);
          }
          blockSize = (int) size;
          blockGiven = true;
        }
        case 't' -> halfClose = OptionNumbers.seconds(name, value);
        case 'T' -> {
          Duration limit = OptionNumbers.seconds(name, value);
          inactivity = limit.isNegative() ? null : limit;
        }
        case 'r' -> leftFile = value;
        case 'R' -> rightFile = value;
        case 'S' -> signals = (int) OptionNumbers.number(name, value);
        default -> {
          if (lockFile != null) {
            return new Mistake("only one -L and -W option allowed", false);
          }
          lockFile = value;
          waitForLock = word.charAt(1) == 'W';
        }
      }
    } catch (IllegalArgumentException e) {
      return new Mistake(String.valueOf(e.getMessage()), false);
    }
    return null;
  }
}
