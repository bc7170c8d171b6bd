package dev.sluice.addresses.proxy;

import dev.sluice.option.Options;
import dev.sluice.option.ProxyOptions;
import dev.sluice.option.TargetPattern;
import dev.sluice.os.SocketAddressBytes;
import java.net.InetAddress;
import java.util.List;

/**
 * Which targets clients of a proxy may have: none that {@code deny} matches, and, where {@code
 * allow} was given, only those that it matches. Each is held against the name as asked for and
 * against the address that will be connected to, so a name is no way around a denied network.
 *
 * @param keepsToItself whether, where no {@code allow} was given, this host's own and link-local
 *     addresses are denied: clients of other hosts have no business there
 */
record TargetRules(List<TargetPattern> allowed, List<TargetPattern> denied, boolean keepsToItself) {
  static TargetRules of(Options options, boolean loopbackOnly) {
    return new TargetRules(
        options.all(ProxyOptions.ALLOW), options.all(ProxyOptions.DENY), !loopbackOnly);
  }

  /** Whether nobody knows yet that the target is denied: its address may still be. */
  boolean mayPermit(String host, int port) {
    return denied.stream().noneMatch(pattern -> pattern.matchesName(host, port))
        && (allowed.isEmpty()
            || allowed.stream().anyMatch(p -> p.network() != null || p.matchesName(host, port)));
  }

  /** Whether that address, which the name led to, is permitted. */
  boolean permits(String host, SocketAddressBytes target) {
    InetAddress address = connected(target.host());
    int port = target.port();
    if (!mayPermit(host, port)
        || denied.stream().anyMatch(pattern -> pattern.matchesAddress(address, port))) {
      return false;
    }
    if (allowed.isEmpty()) {
      return !keepsToItself || !isOwn(address);
    }
    return allowed.stream()
        .anyMatch(
            pattern -> pattern.matchesName(host, port) || pattern.matchesAddress(address, port));
  }

  private static boolean isOwn(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress();
  }

  /**
   * The address that it comes down to: an IPv4 address in the form of IPv6 is one of IPv4, and the
   * unspecified address leads to the loopback interface.
   */
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
}
