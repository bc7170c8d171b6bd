package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.log.RelayLog;
import dev.sluice.option.AccessOptions;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.os.NameLookup;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets peers in by the access files of hosts_access(5), as libwrap reads them: a peer that a rule
 * of the first file names is served, one that a rule of the second names is refused, all others are
 * served. A file that is missing has no rules. A peer is refused when a file cannot be read or a
 * rule that names it cannot be understood. The files are read for each peer, so changes hold at
 * once.
 *
 * <p>Of hosts_options(5), {@code allow} and {@code deny} are carried out. A rule with {@code
 * twist}, {@code aclexec}, {@code user} or {@code group} refuses, because the peer would get
 * something else than the rule says; other options warn. User names are not asked for (RFC 931), so
 * they count as unknown.
 *
 * @param daemon the name that rules know this service by
 * @param allow path of the first file
 * @param deny path of the second file
 * @param names the verified name of a peer's address; see {@link NameLookup#verifiedName}
 */
record HostsAccess(
    String daemon,
    String allow,
    String deny,
    RelayLog log,
    Function<SocketAddressBytes, String> names) {
  private static final Pattern SEPARATORS = Pattern.compile("[ ,\\t\\r\\n]+");
  private static final Pattern COLON = Pattern.compile("\\[[0-9a-fA-F:.]*\\]|:");
  private static final Pattern OPTION_END = Pattern.compile("(?<!\\\\):");
  private static final Set<String> IGNORED =
      Set.of(
          "spawn",
          "severity",
          "keepalive",
          "linger",
          "rfc931",
          "nice",
          "setenv",
          "umask",
          "banners");

  /** What the access options of an address ask for; null without any. */
  static @Nullable HostsAccess of(OpenContext context) {
    Options options = context.options();
    OptionValue<@Nullable String> named = options.occurrence(AccessOptions.TCPWRAPPERS);
    if (named == null
        && !options.has(AccessOptions.TCPWRAP_ETC)
        && !options.has(AccessOptions.HOSTS_ALLOW)
        && !options.has(AccessOptions.HOSTS_DENY)) {
      return null;
    }
    String folder = options.get(AccessOptions.TCPWRAP_ETC, "/etc");
    String daemon = named == null ? null : named.value();
    return new HostsAccess(
        daemon == null || daemon.isEmpty() ? context.settings().programName() : daemon,
        options.find(AccessOptions.HOSTS_ALLOW).orElse(folder + "/hosts.allow"),
        options.find(AccessOptions.HOSTS_DENY).orElse(folder + "/hosts.deny"),
        context.log(),
        NameLookup::verifiedName);
  }

  /** A rule that cannot be understood; its peers are refused. */
  private static final class BadRule extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRule(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Whether a peer is served; blocks while files are read and names are looked up. Whatever goes
   * wrong is logged, and the peer is refused.
   */
  boolean permits(SocketAddressBytes peer, SocketAddressBytes own) {
    try {
      AccessHost client = AccessHost.of(peer, names);
      AccessHost server = AccessHost.of(own, names);
      Boolean allowed = verdict(allow, client, server, true);
      return allowed != null
          ? allowed
          : !Boolean.FALSE.equals(verdict(deny, client, server, false));
    } catch (RuntimeException e) {
      log.error("cannot tell whether " + peer + " is let in: " + e.getMessage());
      return false;
    }
  }

  /**
   * Whether the files have a rule that refuses somebody this service; false if one can't be read.
   */
  boolean refusesSomebody() {
    try {
      return hasRefusal(allow, true) || hasRefusal(deny, false);
    } catch (NativeError e) {
      log.warning(e.getMessage());
      return false;
    }
  }

  private boolean hasRefusal(String file, boolean byDefault) {
    for (String rule : rules(file)) {
      int first = colon(rule, 0);
      int second = first < 0 ? -1 : colon(rule, first + 1);
      String clients = second < 0 ? rule.substring(first + 1) : rule.substring(first + 1, second);
      if (first >= 0
          && !words(clients).isEmpty()
          && matches(words(rule.substring(0, first)), this::isDaemon)
          && !(second < 0 ? byDefault : lets(file, rule.substring(second + 1), byDefault))) {
        return true;
      }
    }
    return false;
  }

  private boolean lets(String file, String options, boolean byDefault) {
    try {
      return ending(file, options, byDefault);
    } catch (BadRule e) {
      return false;
    }
  }

  /** What the first rule that fits says; null when none does. */
  private @Nullable Boolean verdict(
      String file, AccessHost client, AccessHost server, boolean byDefault) {
    for (String rule : rules(file)) {
      int first = colon(rule, 0);
      if (first < 0) {
        log.warning("\"" + file + "\": missing \":\" separator");
        continue;
      }
      int second = colon(rule, first + 1);
      String clients = rule.substring(first + 1, second < 0 ? rule.length() : second);
      if (matches(words(rule.substring(0, first)), word -> isDaemon(word, server))
          && matches(words(clients), client::isNamed)) {
        return second < 0 ? byDefault : ending(file, rule.substring(second + 1), byDefault);
      }
    }
    return null;
  }

  /** Lines that say something, with those joined that end with a backslash. */
  private static List<String> rules(String file) {
    String text = AccessFile.read(file);
    return text == null
        ? List.of()
        : text.replace("\\\n", "")
            .lines()
            .filter(line -> !line.startsWith("#") && !words(line).isEmpty())
            .toList();
  }

  /** The place of the next colon that is not part of an address in brackets; -1 if none is. */
  private static int colon(String rule, int from) {
    Matcher found = COLON.matcher(rule);
    int at = from;
    while (found.find(at)) {
      if (found.group().equals(":")) {
        return found.start();
      }
      at = found.end();
    }
    return -1;
  }

  /** What a rule's options make of it. */
  private boolean ending(String file, String options, boolean byDefault) {
    boolean verdict = byDefault;
    boolean isOver = false;
    for (String field : OPTION_END.split(options, -1)) {
      String option = field.strip();
      if (option.isEmpty()) {
        continue;
      }
      String keyword = option.split("[\\s=]", 2)[0].toLowerCase(Locale.ROOT);
      boolean isVerdict = keyword.equals("allow") || keyword.equals("deny");
      if (isOver) {
        throw new BadRule("\"" + file + "\": options after allow or deny");
      } else if (isVerdict && option.length() == keyword.length()) {
        verdict = keyword.equals("allow");
        isOver = true;
      } else if (IGNORED.contains(keyword)) {
        log.warning("\"" + file + "\": \"" + option + "\" is not carried out");
      } else {
        throw new BadRule("\"" + file + "\": \"" + option + "\" is not an option for this");
      }
    }
    return verdict;
  }

  private boolean isDaemon(String word, AccessHost server) {
    int at = word.indexOf('@', 1);
    return isDaemon(word) && (at < 0 || server.isHost(word.substring(at + 1)));
  }

  private boolean isDaemon(String word) {
    int at = word.indexOf('@', 1);
    return AccessHost.fits(at < 0 ? word : word.substring(0, at), daemon);
  }

  private static List<String> words(String text) {
    return Arrays.stream(SEPARATORS.split(text)).filter(word -> !word.isEmpty()).toList();
  }

  /** {@code a b EXCEPT c}: one of the first words fits, and the rest as a whole does not. */
  private static boolean matches(List<String> words, Predicate<String> fits) {
    int except = 0;
    while (except < words.size() && !words.get(except).equalsIgnoreCase("EXCEPT")) {
      except++;
    }
    return words.subList(0, except).stream().anyMatch(fits)
        && (except == words.size() || !matches(words.subList(except + 1, words.size()), fits));
  }
}
