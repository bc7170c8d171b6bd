package dev.sluice.addresses.proxy;

import dev.sluice.option.Options;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;

/**
 * Which targets clients of a proxy may have: none that {@code deny} matches, and, where {@code
 * allow} was given, only those that it matches. Each is held against the name as asked for and
 * against the address that will be connected to, so a name is no way around a denied network.
 *
 * <p>A name is no way to this host, its links or the metadata of its cloud either, because whoever
 * answers for the name chooses the address: only an {@code allow} of a network, or of {@code *},
 * permits those.
 *
 * @param keepsToItself whether, where no {@code allow} was given, those addresses are denied:
 *     clients of other hosts have no business there
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

  /** Whether that address, which the name led to, is permitted. Looks at this host's routes. */
  boolean permits(String host, SocketAddressBytes target) {
    TargetPlace place = TargetPlace.of(target.host());
    int port = target.port();
    if (!mayPermit(host, port)
        || denied.stream()
            .anyMatch(rule -> place.forms().stream().anyMatch(a -> rule.matchesAddress(a, port)))) {
      return false;
    }
    if (allowed.isEmpty()) {
      return !keepsToItself || !place.isPrivate();
    }
    return allowed.stream()
            .anyMatch(
                rule ->
                    rule.matchesAddress(place.address(), port)
                        || (rule.isForAnything() && rule.matchesName(host, port)))
        || (allowed.stream().anyMatch(rule -> rule.matchesName(host, port)) && !place.isPrivate());
  }
}
