package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.AccessOptions;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.os.SocketAddressBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets peers in by the access files of hosts_access(5): whom a rule of the first file names is
 * served, whom one of the second names is refused, all others are served. A file that is missing
 * has no rules. The files are read for each peer, so changes hold at once.
 *
 * <p>Rules may end with {@code : allow} or {@code : deny} (hosts_options(5)); shell commands are
 * not run. User names are not asked for (RFC 931), so they count as unknown, and there are no
 * netgroups.
 *
 * @param daemon the name that rules know this service by
 * @param allow path of the first file
 * @param deny path of the second file
 */
record HostsAccess(String daemon, Path allow, Path deny, RelayLog log) {
  private static final Pattern FIELD_END = Pattern.compile("(?<!\\\\):(?![^\\[]*\\])");
  private static final Pattern BLANKS = Pattern.compile("[\\s,]+");

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
    Path folder = Path.of(options.get(AccessOptions.TCPWRAP_ETC, "/etc"));
    String daemon = named == null ? null : named.value();
    return new HostsAccess(
        daemon == null || daemon.isEmpty() ? context.settings().programName() : daemon,
        options.find(AccessOptions.HOSTS_ALLOW).map(Path::of).orElse(folder.resolve("hosts.allow")),
        options.find(AccessOptions.HOSTS_DENY).map(Path::of).orElse(folder.resolve("hosts.deny")),
        context.log());
  }

  /** Whether a peer is served; blocks while files are read and names are looked up. */
  boolean permits(SocketAddressBytes peer, SocketAddressBytes own) {
    Client client = new Client(peer);
    Client server = new Client(own);
    Boolean allowed = verdict(allow, client, server, true);
    return allowed != null ? allowed : !Boolean.FALSE.equals(verdict(deny, client, server, false));
  }

  /** What the first rule that fits says; null when none does. */
  private @Nullable Boolean verdict(Path file, Client client, Client server, boolean byDefault) {
    for (String line : lines(file)) {
      String[] fields = FIELD_END.split(line, -1);
      if (fields.length < 2) {
        log.warning("\"" + file + "\": missing \":\" separator");
      } else if (matches(words(fields[0]), word -> isDaemon(word, server))
          && matches(words(fields[1]), client::isNamed)) {
        return ending(file, fields, byDefault);
      }
    }
    return null;
  }

  private boolean ending(Path file, String[] fields, boolean byDefault) {
    boolean verdict = byDefault;
    for (int i = 2; i < fields.length; i++) {
      String option = fields[i].strip().toLowerCase(Locale.ROOT);
      if (option.equals("allow") || option.equals("deny")) {
        verdict = option.equals("allow");
      } else {
        log.warning("\"" + file + "\": \"" + option + "\" is not carried out");
      }
    }
    return verdict;
  }

  private boolean isDaemon(String word, Client server) {
    int at = word.indexOf('@');
    String name = at < 0 ? word : word.substring(0, at);
    return (name.equals("ALL") || name.equalsIgnoreCase(daemon))
        && (at < 0 || server.isNamed(word.substring(at + 1)));
  }

  /** Lines that say something, with those joined that end with a backslash. */
  private List<String> lines(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return text.replace("\\\n", "")
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      log.warning("cannot open " + file + ": " + e.getMessage());
      return List.of();
    }
  }

  private static List<String> words(String text) {
    return new ArrayList<>(Arrays.asList(BLANKS.split(text.strip())));
  }

  private interface Word {
    boolean fits(String word);
  }

  /** {@code a b EXCEPT c}: one of the first words fits, and the rest as a whole does not. */
  private static boolean matches(List<String> words, Word word) {
    int except = words.indexOf("EXCEPT");
    List<String> first = except < 0 ? words : words.subList(0, except);
    return first.stream().anyMatch(word::fits)
        && (except < 0 || !matches(words.subList(except + 1, words.size()), word));
  }

  /** One end of a connection, as patterns see it. */
  private static final class Client {
    private final @Nullable InetAddress host;
    private final String address;
    private @Nullable String name;

    Client(SocketAddressBytes peer) {
      host = peer.isInternet() ? peer.host() : null;
      address = host == null ? "" : host.getHostAddress();
    }

    /** The host name, empty when it is unknown. */
    private String name() {
      if (name == null) {
        String found = host == null ? "" : host.getCanonicalHostName();
        name = found.equals(address) ? "" : found.toLowerCase(Locale.ROOT);
      }
      return name;
    }

    boolean isNamed(String word) {
      int at = word.indexOf('@');
      if (at > 0) {
        String user = word.substring(0, at);
        return (user.equals("ALL") || user.equals("UNKNOWN")) && isNamed(word.substring(at + 1));
      }
      return switch (word) {
        case "ALL" -> true;
        case "LOCAL" -> !name().isEmpty() && name().indexOf('.') < 0;
        case "KNOWN" -> !name().isEmpty();
        case "UNKNOWN" -> name().isEmpty();
        default -> fits(word.toLowerCase(Locale.ROOT));
      };
    }

    private boolean fits(String word) {
      if (word.startsWith("/")) {
        return isInFile(Path.of(word));
      } else if (word.startsWith(".")) {
        return name().endsWith(word);
      } else if (word.endsWith(".")) {
        return address.startsWith(word);
      } else if (word.indexOf('/') > 0) {
        return isInNetwork(word);
      } else if (word.indexOf('*') >= 0 || word.indexOf('?') >= 0) {
        Pattern glob = Pattern.compile(glob(word));
        return glob.matcher(address).matches() || glob.matcher(name()).matches();
      }
      return isSame(word);
    }

    private boolean isSame(String word) {
      if (word.startsWith("[")) {
        return isInNetwork(word + "/128");
      }
      return word.equals(address) || (!Character.isDigit(word.charAt(0)) && word.equals(name()));
    }

    private static String glob(String word) {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < word.length(); i++) {
        char c = word.charAt(i);
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      return regex.toString();
    }

    private boolean isInFile(Path file) {
      try {
        String patterns = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        return words(patterns).stream().anyMatch(word -> !word.isEmpty() && isNamed(word));
      } catch (IOException e) {
        return false;
      }
    }

    private boolean isInNetwork(String word) {
      int slash = word.indexOf('/');
      String mask = word.substring(slash + 1);
      if (host == null || word.startsWith("[") != (host.getAddress().length == 16)) {
        return false;
      }
      try {
        NetworkRange range =
            word.startsWith("[")
                ? NetworkRange.parse(word, SocketAddressBytes.AF_INET6)
                : NetworkRange.parse(
                    word.substring(0, slash) + (mask.indexOf('.') < 0 ? "/" : ":") + mask,
                    SocketAddressBytes.AF_INET);
        return range.contains(SocketAddressBytes.of(host, 0));
      } catch (OpenFailure e) {
        return false;
      }
    }
  }
}
