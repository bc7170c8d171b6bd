package dev.sluice.addresses.socket;

import dev.sluice.os.NameLookup;
import dev.sluice.os.SocketAddressBytes;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, as the patterns of hosts_access(5) see it. Its name is looked up when a
 * pattern asks for it.
 */
final class AccessHost {
  private static final String UNKNOWN = NameLookup.UNKNOWN;
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern NO_NAME = Pattern.compile("[0-9./]*");
  private static final Pattern QUAD_PART = Pattern.compile("0[xX][0-9a-fA-F]{1,8}|[0-9]{1,11}");
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");
  private static final int ALL_ONES = -1;

  private final @Nullable SocketAddressBytes socket;
  private final String address;
  private final Function<SocketAddressBytes, String> names;
  private @Nullable String name;

  private AccessHost(
      @Nullable SocketAddressBytes socket,
      String address,
      Function<SocketAddressBytes, String> names) {
    this.socket = socket;
    this.address = address;
    this.names = names;
  }

  /**
   * That end. Of an IPv4 address in the form of IPv6 it is the IPv4 address; what is not an
   * internet address has neither address nor name.
   */
  static AccessHost of(SocketAddressBytes end, Function<SocketAddressBytes, String> names) {
    if (!end.isInternet()) {
      return new AccessHost(null, UNKNOWN, names);
    }
    SocketAddressBytes plain =
        end.host().getAddress().length == 4 ? SocketAddressBytes.of(end.host(), 0) : end;
    return new AccessHost(plain, NameLookup.numberOf(plain), names);
  }

  private String name() {
    if (name == null) {
      name = socket == null ? UNKNOWN : names.apply(socket);
    }
    return name;
  }

  private boolean hasName() {
    return !name().equals(UNKNOWN) && !name().equals(NameLookup.PARANOID);
  }

  /** Whether a word of a client list fits: a pattern for hosts, or {@code user@host}. */
  boolean isNamed(String word) {
    int at = word.indexOf('@', 1);
    return at < 0
        ? isHost(word)
        : isHost(word.substring(at + 1)) && fits(word.substring(0, at), UNKNOWN);
  }

  /** Whether a pattern for hosts fits. */
  boolean isHost(String word) {
    int slash = word.indexOf('/');
    if (word.startsWith("@")) {
      return NameLookup.isInNetgroup(word.substring(1), name());
    } else if (slash == 0) {
      String patterns = AccessFile.read(word);
      return patterns != null && SPACE.splitAsStream(patterns.strip()).anyMatch(this::isPattern);
    } else if (word.equalsIgnoreCase("KNOWN")) {
      return !address.equals(UNKNOWN) && hasName();
    } else if (word.equalsIgnoreCase("LOCAL")) {
      return hasName() && name().indexOf('.') < 0;
    } else if (slash > 0) {
      return isInNetwork(word.substring(0, slash), word.substring(slash + 1));
    } else if (word.startsWith("[") && word.endsWith("]")) {
      return isInNetwork6(word, 128);
    }
    return fits(word, address) || (!NO_NAME.matcher(word).matches() && fits(word, name()));
  }

  private boolean isPattern(String word) {
    return !word.isEmpty() && isHost(word);
  }

  /** Whether a pattern fits a text: without case, with the wildcards. */
  static boolean fits(String pattern, String text) {
    int length = pattern.length();
    if (pattern.startsWith(".")) {
      int start = text.length() - length;
      return start > 0 && text.regionMatches(true, start, pattern, 0, length);
    } else if (pattern.equalsIgnoreCase("ALL")) {
      return true;
    } else if (pattern.equalsIgnoreCase("KNOWN")) {
      return !text.equalsIgnoreCase(UNKNOWN);
    } else if (pattern.endsWith(".")) {
      return text.regionMatches(true, 0, pattern, 0, length);
    } else if (pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0) {
      return fitsGlob(pattern.toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
    }
    return pattern.equalsIgnoreCase(text);
  }

  /**
   * {@code *} stands for any text, {@code ?} for one character; takes no longer than their product.
   */
  private static boolean fitsGlob(String pattern, String text) {
    int at = 0;
    int star = -1;
    int resume = 0;
    for (int i = 0; i < text.length(); ) {
      char wanted = at < pattern.length() ? pattern.charAt(at) : '\0';
      if (wanted == '*') {
        star = at++;
        resume = i;
      } else if (wanted == '?' || wanted == text.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    return pattern.substring(at).chars().allMatch(c -> c == '*');
  }

  private boolean isInNetwork(String network, String mask) {
    if (network.startsWith("[") && network.endsWith("]")) {
      return isInNetwork6(network, leadingNumber(mask));
    }
    Integer own = quad(address);
    Integer net = quad(network);
    Integer bits = quad(mask);
    if (bits != null && bits == ALL_ONES) {
      bits = null;
    } else if (bits == null && leadingNumber(mask) >= 1 && leadingNumber(mask) <= 32) {
      bits = ALL_ONES << (32 - leadingNumber(mask));
    }
    return own != null && net != null && bits != null && (own & bits) == net;
  }

  private boolean isInNetwork6(String inBrackets, int bits) {
    if (socket == null || socket.family() != SocketAddressBytes.AF_INET6) {
      return false;
    }
    SocketAddressBytes network =
        NameLookup.number6(inBrackets.substring(1, inBrackets.length() - 1));
    return network != null && bits >= 0 && bits <= 128 && hasPrefix(network, bits);
  }

  private boolean hasPrefix(SocketAddressBytes network, int bits) {
    byte[] own = Objects.requireNonNull(socket).host().getAddress();
    byte[] net = network.host().getAddress();
    if (own.length != net.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((own[i / 8] & mask) != (net[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The number that a text begins with, as strtol(3) takes it; 0 without any. */
  private static int leadingNumber(String text) {
    Matcher number = NUMBER.matcher(text);
    return number.lookingAt() ? Integer.parseInt(number.group()) : 0;
  }

  /** Four numbers with dots, each decimal, octal or hexadecimal, as inet_addr(3) takes them. */
  private static @Nullable Integer quad(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    int value = 0;
    for (String part : parts) {
      try {
        long number = QUAD_PART.matcher(part).matches() ? Long.decode(part) : -1;
        if (number < 0 || number > 255) {
          return null;
        }
        value = value << 8 | (int) number;
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return value;
  }
}
