package dev.sluice.addresses.proxy;

import dev.sluice.os.Fd;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where an address leads.
 *
 * @param address the address itself, in its plain form
 * @param forms that, and the IPv4 address that it stands for: gateways carry a connection there
 */
record TargetPlace(InetAddress address, List<InetAddress> forms) {
  private static final int UDP_DISCARD = 9;

  /** Metadata services of clouds that are not on a link-local address. */
  private static final Set<InetAddress> METADATA =
      Stream.of(
              new int[] {100, 100, 100, 200},
              new int[] {168, 63, 129, 16},
              new int[] {192, 0, 0, 192},
              new int[] {0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54},
              new int[] {0xfd, 0x20, 0, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54})
          .map(TargetPlace::number)
          .collect(Collectors.toUnmodifiableSet());

  private static InetAddress number(int[] parts) {
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) parts[i];
    }
    return SocketAddressBytes.inetAddress(bytes);
  }

  /**
   * The place of an address. An IPv4 address in the form of IPv6 is one of IPv4, and the
   * unspecified address leads to the loopback interface.
   */
  static TargetPlace of(InetAddress asked) {
    InetAddress address = connected(asked);
    byte[] bytes = address.getAddress();
    int at = embedded(bytes);
    return at < 0
        ? new TargetPlace(address, List.of(address))
        : new TargetPlace(
            address,
            List.of(address, connected(SocketAddressBytes.inetAddress(copy(bytes, at, 4)))));
  }

  private static InetAddress connected(InetAddress asked) {
    InetAddress address = plain(asked);
    if (!address.isAnyLocalAddress()) {
      return address;
    }
    byte[] loopback = address.getAddress();
    loopback[0] = (byte) (loopback.length == 4 ? 127 : 0);
    loopback[loopback.length - 1] = 1;
    return SocketAddressBytes.inetAddress(loopback);
  }

  /** An IPv4 address in the form of IPv6 is one of IPv4. */
  static InetAddress plain(InetAddress address) {
    return SocketAddressBytes.inetAddress(address.getAddress());
  }

  private static byte[] copy(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /**
   * Where an IPv6 address holds an IPv4 address: the compatible form (RFC 4291), NAT64 (RFC 6052,
   * RFC 8215) and 6to4 (RFC 3056); -1 when it holds none.
   */
  private static int embedded(byte[] bytes) {
    if (bytes.length != 16) {
      return -1;
    }
    boolean isCompatible = Arrays.equals(copy(bytes, 0, 12), new byte[12]);
    boolean isLoopback = isCompatible && bytes[12] == 0 && bytes[13] == 0 && bytes[14] == 0;
    boolean isNat64 = startsWith(bytes, 0x00, 0x64, 0xff, 0x9b);
    return (isCompatible && !isLoopback) || isNat64 ? 12 : startsWith(bytes, 0x20, 0x02) ? 2 : -1;
  }

  private static boolean startsWith(byte[] bytes, int... wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if ((bytes[i] & 0xff) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is this host, something on its links only, or the metadata of its cloud. */
  boolean isPrivate() {
    return forms.stream().anyMatch(TargetPlace::isPrivate);
  }

  private static boolean isPrivate(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || METADATA.contains(address)
        || isOfThisHost(address);
  }

  /**
   * Whether packets to it stay on this host: the kernel then takes it for the source address too.
   * Nothing is sent.
   */
  private static boolean isOfThisHost(InetAddress address) {
    SocketAddressBytes there = SocketAddressBytes.of(address, UDP_DISCARD);
    int family =
        address instanceof Inet4Address ? SocketAddressBytes.AF_INET : SocketAddressBytes.AF_INET6;
    try (Fd probe = SocketCalls.socket(family, SocketCalls.SOCK_DGRAM, 0)) {
      return SocketCalls.connect(probe.number(), there) >= 0
          && SocketCalls.getsockname(probe.number()).host().equals(address);
    }
  }
}
