package dev.sluice.addresses.proxy;

import dev.sluice.option.OptionType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Targets that clients of a proxy may ask for, or may not: a host by name, {@code *.domain} for all
 * names below it, an address or a network such as {@code 10.0.0.0/8} and {@code [fd00::]/8}, or
 * {@code *}; with {@code :port} or {@code :from-to} for some ports only.
 *
 * @param name a name in lower case, {@code *.domain} or {@code *}; null for a network
 * @param network an address of the network; null for a name
 * @param bits of the network's address that count
 * @param firstPort lowest port
 * @param lastPort highest port
 */
public record TargetPattern(
    @Nullable String name, @Nullable InetAddress network, int bits, int firstPort, int lastPort) {
  private static final int MOST_PORTS = 65535;
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(\\[[0-9a-fA-F:.]+\\]|[^:/\\[\\]\\s]+)(?:/(\\d{1,3}))?(?::(\\d{1,5})(?:-(\\d{1,5}))?)?");
  private static final Pattern NUMBERS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** What the options' values are read with. */
  static final OptionType<TargetPattern> TYPE =
      new OptionType<>("TARGET", (option, spec) -> parse(spec.name(), OptionType.required(spec)));

  /** Reads a pattern; throws {@link OptionType.BadValue}. */
  static TargetPattern parse(String option, String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      throw bad(option, text, "is not HOST, *.DOMAIN, NETWORK/BITS or *, with :PORT or :FROM-TO");
    }
    int first = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    int last =
        parts.group(3) == null
            ? MOST_PORTS
            : parts.group(4) == null ? first : Integer.parseInt(parts.group(4));
    if (last > MOST_PORTS || first > last) {
      throw bad(option, text, "has no ports");
    }
    String host = parts.group(1);
    if (!host.startsWith("[") && !NUMBERS.matcher(host).matches()) {
      if (parts.group(2) != null || host.indexOf('*', 1) >= 0) {
        throw bad(option, text, "is neither a name nor a network by numbers");
      }
      return new TargetPattern(plain(host), null, 0, first, last);
    }
    InetAddress network = numeric(option, text, host);
    int all = network.getAddress().length * 8;
    int bits = parts.group(2) == null ? all : Integer.parseInt(parts.group(2));
    if (bits > all) {
      throw bad(option, text, "has more than " + all + " bits");
    }
    return new TargetPattern(null, network, bits, first, last);
  }

  private static OptionType.BadValue bad(String option, String text, String why) {
    return new OptionType.BadValue("option \"" + option + "\": \"" + text + "\" " + why);
  }

  private static InetAddress numeric(String option, String text, String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw bad(option, text, "is no address");
    }
  }

  /** A name as it is compared: in lower case, without the dot that ends a full one. */
  private static String plain(String name) {
    String low = name.toLowerCase(Locale.ROOT);
    return low.endsWith(".") && low.length() > 1 ? low.substring(0, low.length() - 1) : low;
  }

  /** Whether it is {@code *}, for any host. */
  public boolean isForAnything() {
    return "*".equals(name);
  }

  /** Whether it is for that name as a client gave it. */
  public boolean matchesName(String host, int port) {
    if (name == null || port < firstPort || port > lastPort) {
      return false;
    }
    return name.equals("*")
        || (name.startsWith("*.")
            ? plain(host).endsWith(name.substring(1))
            : plain(host).equals(name));
  }

  /** Whether it is for that address, which a name may have led to. */
  public boolean matchesAddress(InetAddress address, int port) {
    if (network == null || port < firstPort || port > lastPort) {
      return false;
    }
    byte[] own = network.getAddress();
    byte[] other = address.getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((own[i / 8] & mask) != (other[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
