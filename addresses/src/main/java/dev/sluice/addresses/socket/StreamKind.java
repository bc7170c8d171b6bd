package dev.sluice.addresses.socket;

import static dev.sluice.option.OptionGroup.IP4;
import static dev.sluice.option.OptionGroup.IP6;

import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.List;
import java.util.stream.Stream;

/**
 * The protocols and IP versions of addresses with connections; their names begin the keywords. See
 * tcp(7), sctp(7) and RFC 4340 for DCCP.
 */
public enum StreamKind {
  TCP_ANY(Protocol.TCP, "", 0, IP4, IP6),
  TCP_4(Protocol.TCP, "4", SocketAddressBytes.AF_INET, IP4),
  TCP_6(Protocol.TCP, "6", SocketAddressBytes.AF_INET6, IP6),
  SCTP_ANY(Protocol.SCTP, "", 0, IP4, IP6),
  SCTP_4(Protocol.SCTP, "4", SocketAddressBytes.AF_INET, IP4),
  SCTP_6(Protocol.SCTP, "6", SocketAddressBytes.AF_INET6, IP6),
  DCCP_ANY(Protocol.DCCP, "", 0, IP4, IP6),
  DCCP_4(Protocol.DCCP, "4", SocketAddressBytes.AF_INET, IP4),
  DCCP_6(Protocol.DCCP, "6", SocketAddressBytes.AF_INET6, IP6);

  private enum Protocol {
    TCP(SocketCalls.SOCK_STREAM, 6, OptionGroup.TCP),
    SCTP(SocketCalls.SOCK_STREAM, 132, OptionGroup.SCTP),
    DCCP(SocketCalls.SOCK_DCCP, 33, OptionGroup.DCCP);

    private final int type;
    private final int number;

    @SuppressWarnings("ImmutableEnumChecker") // a group never changes
    private final OptionGroup group;

    Protocol(int type, int number, OptionGroup group) {
      this.type = type;
      this.number = number;
      this.group = group;
    }
  }

  private final Protocol protocol;
  private final String version;
  private final int family;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  private final List<OptionGroup> groups;

  StreamKind(Protocol protocol, String version, int family, OptionGroup... groups) {
    this.protocol = protocol;
    this.version = version;
    this.family = family;
    this.groups = List.of(groups);
  }

  /** The protocol's name. */
  public String protocolName() {
    return protocol.name();
  }

  /** What the keywords of its addresses begin with. */
  public String keyword() {
    return protocol.name() + version;
  }

  /** {@code 4}, {@code 6}, or nothing for either version of IP. */
  public String version() {
    return version;
  }

  /** {@code AF_*}, 0 for either version of IP. */
  public int family() {
    return family;
  }

  /** {@code SOCK_*}. */
  public int type() {
    return protocol.type;
  }

  /** The protocol's number. */
  public int protocol() {
    return protocol.number;
  }

  /** The short name of the address that connects, and others. */
  public String[] connectAliases() {
    return protocol == Protocol.TCP
        ? new String[] {keyword(), "INET" + version}
        : new String[] {keyword()};
  }

  /** Other names of the address that listens. */
  public String[] listenAliases() {
    return protocol == Protocol.TCP
        ? new String[] {keyword() + "-L", "INET" + version + "-LISTEN", "INET" + version + "-L"}
        : new String[] {keyword() + "-L"};
  }

  /** Its own option groups, and those of an address. */
  public OptionGroup[] groupsWith(OptionGroup... address) {
    return Stream.of(Stream.of(address), groups.stream(), Stream.of(protocol.group))
        .flatMap(all -> all)
        .toArray(OptionGroup[]::new);
  }
}
