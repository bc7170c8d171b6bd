package dev.sluice.addresses.socket;

import static dev.sluice.option.OptionGroup.IP4;
import static dev.sluice.option.OptionGroup.IP6;
import static dev.sluice.option.OptionGroup.UDP;
import static dev.sluice.option.OptionGroup.UDPLITE;

import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;
import java.util.stream.Stream;

/**
 * The protocols and IP versions of datagram addresses; their names begin the keywords. See udp(7),
 * udplite(7).
 */
public enum UdpKind {
  UDP_ANY("UDP", 0, 17, IP4, IP6, UDP),
  UDP_4("UDP4", SocketAddressBytes.AF_INET, 17, IP4, UDP),
  UDP_6("UDP6", SocketAddressBytes.AF_INET6, 17, IP6, UDP),
  LITE_ANY("UDPLITE", 0, 136, IP4, IP6, UDP, UDPLITE),
  LITE_4("UDPLITE4", SocketAddressBytes.AF_INET, 136, IP4, UDP, UDPLITE),
  LITE_6("UDPLITE6", SocketAddressBytes.AF_INET6, 136, IP6, UDP, UDPLITE);

  private final String keyword;
  private final int family;
  private final int protocol;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  private final List<OptionGroup> groups;

  UdpKind(String keyword, int family, int protocol, OptionGroup... groups) {
    this.keyword = keyword;
    this.family = family;
    this.protocol = protocol;
    this.groups = List.of(groups);
  }

  /** What the keywords of its addresses begin with. */
  public String keyword() {
    return keyword;
  }

  /** {@code AF_*}, 0 for either version of IP. */
  public int family() {
    return family;
  }

  /** The protocol's number. */
  public int protocol() {
    return protocol;
  }

  /** Its own option groups, and those of an address. */
  public OptionGroup[] groupsWith(OptionGroup... address) {
    return Stream.concat(Stream.of(address), groups.stream()).toArray(OptionGroup[]::new);
  }
}
