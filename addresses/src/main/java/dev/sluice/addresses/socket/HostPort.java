package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.log.RelayLog;
import dev.sluice.option.IpOptions;
import dev.sluice.option.Option;
import dev.sluice.option.Options;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.NameLookup;
import dev.sluice.os.SocketAddressBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Host and port of an address, and how they become socket addresses: the family that the keyword or
 * option {@code pf} asks for, the order that {@code -4}, {@code -6} and {@code -0} ask for, and the
 * resolver's flags.
 */
public final class HostPort {
  private static final int PORTS = 65536;

  private HostPort() {}

  /** The family that option {@code pf} or the keyword asks for; 0 for any. */
  public static int family(Options options, int keywordFamily) {
    return options
        .find(SocketOptions.PROTOCOL_FAMILY)
        .map(HostPort::familyNamed)
        .orElse(keywordFamily);
  }

  private static int familyNamed(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "inet", "inet4", "ip4", "ipv4", "2" -> SocketAddressBytes.AF_INET;
      case "inet6", "ip6", "ipv6", "10" -> SocketAddressBytes.AF_INET6;
      case "unix", "local", "1" -> SocketAddressBytes.AF_UNIX;
      default -> throw OpenFailure.lasting("unknown protocol family \"" + name + "\"");
    };
  }

  /**
   * The address, when host and port are plain numbers of a family that may be used: no resolver is
   * asked, nothing blocks.
   */
  public static @Nullable SocketAddressBytes numeric(String host, String port, int family) {
    if (family != 0 && family != SocketAddressBytes.AF_INET) {
      return null;
    }
    int number = portNumber(port);
    byte[] address = dottedQuad(host);
    if (number < 0 || address == null) {
      return null;
    }
    return SocketAddressBytes.of(SocketAddressBytes.inetAddress(address), number);
  }

  private static int portNumber(String text) {
    if (text.isEmpty() || text.length() > 9) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(text) % PORTS;
  }

  private static byte @Nullable [] dottedQuad(String host) {
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.startsWith("0"))) {
        return null;
      }
      for (int j = 0; j < part.length(); j++) {
        if (!Character.isDigit(part.charAt(j))) {
          return null;
        }
      }
      int value = Integer.parseInt(part);
      if (value > 255) {
        return null;
      }
      address[i] = (byte) value;
    }
    return address;
  }

  /**
   * The addresses to connect to, in the order to try them. Blocks.
   *
   * @param port null where the protocol has none
   * @param type {@code SOCK_*}
   * @param protocol number
   */
  public static List<SocketAddressBytes> resolveRemote(
      OpenContext context, String host, @Nullable String port, int family, int type, int protocol) {
    SocketAddressBytes number = numeric(host, port == null ? "0" : port, family);
    if (number != null) {
      return List.of(number);
    }
    refuseEmpty(port);
    int flags = flags(context.options(), family == 0 ? NameLookup.AI_ADDRCONFIG : 0);
    try {
      List<SocketAddressBytes> found =
          new ArrayList<>(lookUp(context, host, port, flags, family, type, protocol));
      int preferred = preferredFamily(context.settings());
      if (preferred != 0) {
        found.sort(Comparator.comparing(address -> address.family() == preferred ? 0 : 1));
      }
      return found;
    } catch (NameLookup.Unresolved e) {
      if (e.isService()) {
        throw OpenFailure.lasting(e.getMessage());
      }
      RelayLog log = context.log();
      log.warning(e.getMessage());
      String text =
          (port == null
                  ? "xioresolve(node=\"" + host + "\""
                  : "_xioopen_ipapp_prepare(node=\"" + host + "\", service=\"" + port + "\"")
              + ", pf="
              + family
              + ", ...): "
              + e.reason();
      if (e.isTemporary()) {
        log.warning(text);
        throw OpenFailure.reported(text);
      }
      throw OpenFailure.retryable(text);
    }
  }

  private static void refuseEmpty(@Nullable String port) {
    if (port != null && port.isEmpty()) {
      throw OpenFailure.lasting("_xiogetaddrinfo(): empty port and service");
    }
  }

  private static List<SocketAddressBytes> lookUp(
      OpenContext context,
      @Nullable String host,
      @Nullable String port,
      int flags,
      int family,
      int type,
      int protocol) {
    String node = host;
    int allFlags = flags;
    if (host != null && host.startsWith("[") && host.endsWith("]")) {
      node = host.substring(1, host.length() - 1);
      int unasked = context.options().isOn(IpOptions.AI_ADDRCONFIG) ? 0 : NameLookup.AI_ADDRCONFIG;
      allFlags = (flags & ~unasked) | NameLookup.AI_NUMERICHOST;
    }
    String name = node;
    int hints = allFlags;
    return NameServers.during(
        context.options(), () -> NameLookup.resolve(name, port, hints, family, type, protocol));
  }

  private static int preferredFamily(OpenSettings settings) {
    return afOf(settings.resolveFamily());
  }

  private static int afOf(int version) {
    return version == 4
        ? SocketAddressBytes.AF_INET
        : version == 6 ? SocketAddressBytes.AF_INET6 : 0;
  }

  private static int flags(Options options, int base) {
    int flags = base;
    flags = with(flags, NameLookup.AI_ADDRCONFIG, options, IpOptions.AI_ADDRCONFIG);
    flags = with(flags, NameLookup.AI_ALL, options, IpOptions.AI_ALL);
    flags = with(flags, NameLookup.AI_V4MAPPED, options, IpOptions.AI_V4MAPPED);
    return with(flags, NameLookup.AI_PASSIVE, options, IpOptions.AI_PASSIVE);
  }

  private static int with(int flags, int mask, Options options, Option<Boolean> option) {
    return options.find(option).map(on -> on ? flags | mask : flags & ~mask).orElse(flags);
  }

  /**
   * The address to listen on: {@code host} or the wildcard, in the family asked for or the default
   * one. Blocks when names must be looked up.
   *
   * @param host null for the wildcard
   * @param port null where the protocol has none
   */
  public static SocketAddressBytes resolveLocal(
      OpenContext context,
      @Nullable String host,
      @Nullable String port,
      int askedFamily,
      int type,
      int protocol) {
    int family = askedFamily != 0 ? askedFamily : listenFamily(context.settings(), host);
    SocketAddressBytes number =
        numeric(host == null ? "0.0.0.0" : host, port == null ? "0" : port, family);
    if (number != null) {
      return number;
    }
    refuseEmpty(port);
    if (host == null && port == null) {
      return SocketAddressBytes.wildcard(family, 0);
    }
    int flags = flags(context.options(), NameLookup.AI_PASSIVE);
    try {
      return lookUp(context, host, port, flags, family, type, protocol).get(0);
    } catch (NameLookup.Unresolved e) {
      context.log().warning(e.getMessage());
      throw OpenFailure.lasting(
          "xioresolve(node=\""
              + (host == null ? "" : host)
              + "\", pf="
              + family
              + ", ...): "
              + e.reason());
    }
  }

  /** Without a default, the host decides, and the wildcard is that of IPv6. */
  private static int listenFamily(OpenSettings settings, @Nullable String host) {
    int family = afOf(settings.listenFamily());
    return family != 0 || host != null ? family : SocketAddressBytes.AF_INET6;
  }

  /** Refuses a port where only a host may be given. */
  static void refusePort(String[] hostAndPort) {
    if (!hostAndPort[1].isEmpty()) {
      throw OpenFailure.lasting("port specification not allowed in this bind option");
    }
  }

  /** The port of a {@code bind} option {@code host:port}, or another one when it gives none. */
  static String bindPort(String bind, int otherwise) {
    String port = split(bind)[1];
    if (bind.endsWith(":")) {
      refuseEmpty(port);
    }
    return port.isEmpty() ? String.valueOf(otherwise) : port;
  }

  /** Splits {@code host:port}, where either may be missing and the host may be in brackets. */
  public static String[] split(String text) {
    int bracket = text.indexOf(']');
    int colon = text.indexOf(':', Math.max(0, bracket));
    return colon < 0
        ? new String[] {text, ""}
        : new String[] {text.substring(0, colon), text.substring(colon + 1)};
  }
}
