package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.os.NameLookup;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.spec.DataSyntax;
import java.util.Arrays;

/**
 * A network that peers must come from: {@code address/bits} or {@code address:mask} for IPv4,
 * {@code [address]/bits} for IPv6, {@code data:data} for any family.
 *
 * @param offset where the address begins in struct sockaddr
 * @param address one of the network
 * @param mask as long as the address
 */
public record NetworkRange(int offset, byte[] address, byte[] mask) {
  /** Reads a range for peers of that address family; throws {@link OpenFailure}. */
  static NetworkRange parse(String text, int family) {
    return switch (family) {
      case SocketAddressBytes.AF_INET -> ofIp4(text);
      case SocketAddressBytes.AF_INET6 -> parse6(text);
      default ->
          throw OpenFailure.lasting("range option not supported with address family " + family);
    };
  }

  /** Reads a range in data syntax, of what follows the family; throws {@link OpenFailure}. */
  static NetworkRange parseData(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw OpenFailure.lasting(
          "syntax error in range \""
              + text
              + "\" of unspecified address family: use <addr>:<mask>");
    }
    try {
      byte[] address = DataSyntax.parse(text.substring(0, colon));
      byte[] mask = DataSyntax.parse(text.substring(colon + 1));
      int length = Math.max(address.length, mask.length);
      return new NetworkRange(2, Arrays.copyOf(address, length), Arrays.copyOf(mask, length));
    } catch (IllegalArgumentException e) {
      throw OpenFailure.lasting("data too long or syntax error: \"" + text + "\"");
    }
  }

  /**
   * An IPv4 network, as {@code address/bits} or {@code address:mask}; throws {@link OpenFailure}.
   */
  public static NetworkRange ofIp4(String text) {
    int slash = text.indexOf('/');
    int colon = text.indexOf(':');
    if (slash >= 0) {
      byte[] mask =
          bits(text, text.substring(slash + 1), 4, "not a valid IPv4 netmask in \"" + text + "\"");
      return new NetworkRange(4, host(text.substring(0, slash), SocketAddressBytes.AF_INET), mask);
    }
    if (colon >= 0) {
      return new NetworkRange(
          4,
          host(text.substring(0, colon), SocketAddressBytes.AF_INET),
          host(text.substring(colon + 1), SocketAddressBytes.AF_INET));
    }
    throw OpenFailure.lasting("xioparsenetwork_ip4(\"" + text + "\",,): missing netmask delimiter");
  }

  private static NetworkRange parse6(String text) {
    int end = text.indexOf(']');
    if (!text.startsWith("[") || end < 0) {
      throw OpenFailure.lasting("missing brackets for IPv6 range definition \"" + text + "\"");
    }
    if (!text.startsWith("/", end + 1)) {
      throw OpenFailure.lasting(
          "xioparsenetwork_ip6(\"" + text + "\",,): missing netmask delimiter");
    }
    byte[] mask =
        bits(text, text.substring(end + 2), 16, "not a valid IPv6 netmask in \"" + text + "\"");
    return new NetworkRange(8, host(text.substring(1, end), SocketAddressBytes.AF_INET6), mask);
  }

  private static byte[] bits(String range, String text, int length, String invalid) {
    int bits;
    try {
      bits = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw OpenFailure.lasting(invalid);
    }
    if (bits < 0 || bits > length * 8) {
      throw OpenFailure.lasting(
          "IPv" + (length == 4 ? 4 : 6) + " netmask \"" + range + "\" is too large");
    }
    byte[] mask = new byte[length];
    for (int i = 0; i < bits; i++) {
      mask[i / 8] |= (byte) (0x80 >> (i % 8));
    }
    return mask;
  }

  private static byte[] host(String name, int family) {
    try {
      return NameLookup.resolve(name, null, 0, family, 0, 0).get(0).host().getAddress();
    } catch (NameLookup.Unresolved e) {
      throw OpenFailure.lasting(e.getMessage());
    }
  }

  private static byte[] and(byte[] address, byte[] mask) {
    byte[] result = address.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= mask[i];
    }
    return result;
  }

  /** The address of an IPv4 network. */
  public SocketAddressBytes socketAddress() {
    return socketAddress(address);
  }

  /** The mask of an IPv4 network. */
  public SocketAddressBytes socketMask() {
    return socketAddress(mask);
  }

  private static SocketAddressBytes socketAddress(byte[] host) {
    return SocketAddressBytes.of(SocketAddressBytes.inetAddress(host), 0);
  }

  boolean contains(SocketAddressBytes peer) {
    if (peer.length() < offset) {
      return false; // a UNIX socket without a name
    }
    byte[] from = Arrays.copyOfRange(peer.bytes(), offset, offset + mask.length);
    boolean unspecified = Arrays.equals(from, new byte[from.length]);
    return !unspecified && Arrays.equals(and(from, mask), and(address, mask));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkRange that
        && offset == that.offset
        && Arrays.equals(address, that.address)
        && Arrays.equals(mask, that.mask);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address);
  }
}
