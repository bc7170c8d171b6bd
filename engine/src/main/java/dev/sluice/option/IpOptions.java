package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.IP4;
import static dev.sluice.option.OptionGroup.IP6;
import static dev.sluice.option.OptionType.BIN;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.BYTE;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.os.SocketConstants.SOL_IP;
import static dev.sluice.os.SocketConstants.SOL_IPV6;

import java.util.ArrayList;
import java.util.List;

/** Options of IP version 4 and 6 sockets, and of name resolution. */
public final class IpOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  private static Option<Integer> ip4(String name, int number) {
    return row(name, INT, Phase.PASTSOCKET, IP4, IP6)
        .does(new SocketEffects.SocketOption(SOL_IP, number))
        .from("ip(7)");
  }

  private static Option<Integer> ip6(String name, int number) {
    return row(name, INT, Phase.PASTSOCKET, IP6)
        .does(new SocketEffects.SocketOption(SOL_IPV6, number))
        .from("ipv6(7)");
  }

  // --- version 4
  public static final Option<Integer> IP_TOS =
      ip4("ip-tos", 1).aka("iptos", "tos").help("type of service").in(ROWS);
  public static final Option<Integer> IP_TTL =
      ip4("ip-ttl", 2).aka("ipttl", "ttl").help("time to live").in(ROWS);
  public static final Option<Integer> IP_HDRINCL =
      ip4("ip-hdrincl", 3)
          .aka("hdrincl", "iphdrincl")
          .help("data starts with an IP header")
          .in(ROWS);
  public static final Option<byte[]> IP_OPTIONS =
      row("ip-options", BIN, Phase.PASTSOCKET, IP4, IP6)
          .aka("ipoptions")
          .does(new SocketEffects.AppendedSocketOption(SOL_IP, 4))
          .help("adds these bytes to the header's options")
          .from("ip(7)")
          .in(ROWS);
  public static final Option<Integer> IP_ROUTER_ALERT =
      ip4("ip-router-alert", 5)
          .aka("iprouteralert", "routeralert")
          .help("receives packets with the router alert option")
          .in(ROWS);
  public static final Option<Integer> IP_RECVOPTS =
      ip4("ip-recvopts", 6)
          .aka("iprecvopts", "recvopts")
          .help("receives the header's options")
          .in(ROWS);
  public static final Option<Integer> IP_RETOPTS =
      ip4("ip-retopts", 7)
          .aka("ipretopts", "retopts")
          .help("receives the header's options, raw")
          .in(ROWS);
  public static final Option<Integer> IP_PKTINFO =
      ip4("ip-pktinfo", 8)
          .aka("ippktinfo", "pktinfo")
          .help("receives interface and destination of each packet")
          .in(ROWS);
  public static final Option<Integer> IP_PKTOPTIONS =
      ip4("ip-pktoptions", 9)
          .aka("ippktoptions", "pktoptions", "pktopts")
          .help("receives packet options; only to be read on most sockets")
          .in(ROWS);
  public static final Option<Integer> IP_MTU_DISCOVER =
      ip4("ip-mtu-discover", 10)
          .aka("ipmtudiscover", "mtudiscover")
          .help("path MTU discovery: 0 no, 1 by route, 2 always")
          .in(ROWS);
  public static final Option<Integer> IP_RECVERR =
      ip4("ip-recverr", 11).aka("iprecverr", "recverr").help("keeps errors in a queue").in(ROWS);
  public static final Option<Integer> IP_RECVTTL =
      ip4("ip-recvttl", 12)
          .aka("iprecvttl", "recvttl")
          .help("receives the time to live of each packet")
          .in(ROWS);
  public static final Option<Integer> IP_RECVTOS =
      ip4("ip-recvtos", 13)
          .aka("iprecvtos", "recvtos")
          .help("receives the type of service of each packet")
          .in(ROWS);
  public static final Option<Integer> IP_MTU =
      ip4("ip-mtu", 14)
          .aka("ipmtu", "mtu")
          .help("path MTU; the kernel lets it only be read")
          .in(ROWS);
  public static final Option<Integer> IP_FREEBIND =
      ip4("ip-freebind", 15)
          .aka("freebind", "ipfreebind")
          .help("binds to addresses that are not there yet")
          .in(ROWS);
  public static final Option<Boolean> IP_TRANSPARENT =
      row("ip-transparent", BOOL, Phase.PREBIND, IP4, IP6)
          .aka("transparent")
          .does(new SocketEffects.SocketOption(SOL_IP, 19))
          .help("binds to addresses of others, for transparent proxies")
          .from("ip(7)")
          .in(ROWS);
  public static final Option<MulticastGroup> IP_MULTICAST_IF =
      row("ip-multicast-if", MulticastGroup.IP4NAME, Phase.PASTSOCKET, IP4, IP6)
          .aka("multicast-if")
          .does(new SocketEffects.SocketOption(SOL_IP, 32))
          .help("address of the interface that multicasts leave by")
          .from("ip(7)")
          .in(ROWS);
  public static final Option<Integer> IP_MULTICAST_TTL =
      row("ip-multicast-ttl", BYTE, Phase.PASTSOCKET, IP4, IP6)
          .aka("ipmulticastttl", "multicast-ttl", "multicastttl")
          .does(new SocketEffects.SocketOption(SOL_IP, 33))
          .help("time to live of multicasts")
          .from("ip(7)")
          .in(ROWS);
  public static final Option<Integer> IP_MULTICAST_LOOP =
      row("ip-multicast-loop", BYTE, Phase.PASTSOCKET, IP4, IP6)
          .aka("ipmulticastloop", "mcloop", "multicast-loop", "multicastloop")
          .does(new SocketEffects.SocketOption(SOL_IP, 34))
          .help("multicasts come back to this host too")
          .from("ip(7)")
          .in(ROWS);
  public static final Option<MulticastGroup> IP_ADD_MEMBERSHIP =
      row("ip-add-membership", MulticastGroup.IP_MREQN, Phase.PASTSOCKET, IP4, IP6)
          .aka("add-membership", "ip-membership", "membership")
          .does(new SocketEffects.SocketOption(SOL_IP, 35))
          .help("joins group:interface or group:address:interface")
          .from("ip(7)")
          .in(ROWS);
  public static final Option<MulticastGroup> IP_ADD_SOURCE_MEMBERSHIP =
      row("ip-add-source-membership", MulticastGroup.IP_MREQ_SOURCE, Phase.PASTSOCKET, IP4, IP6)
          .aka("add-source-membership", "source-membership")
          .does(new SocketEffects.SocketOption(SOL_IP, 39))
          .help("joins group:interface-address:source")
          .from("ip(7)")
          .in(ROWS);

  // --- version 6
  public static final Option<Integer> IPV6_AUTHHDR =
      ip6("ipv6-authhdr", 10)
          .aka("authhdr")
          .help("receives authentication headers; obsolete")
          .in(ROWS);
  public static final Option<Integer> IPV6_UNICAST_HOPS =
      ip6("ipv6-unicast-hops", 16).aka("unicast-hops").help("hop limit").in(ROWS);
  public static final Option<Integer> IPV6_MULTICAST_LOOP =
      ip6("ipv6-multicast-loop", 19)
          .aka("ipv6-mcloop", "mcloop6")
          .help("multicasts come back to this host too")
          .in(ROWS);
  public static final Option<MulticastGroup> IPV6_JOIN_GROUP =
      row("ipv6-join-group", MulticastGroup.IPV6_MREQ, Phase.PASTSOCKET, IP6)
          .aka("ipv6-add-membership", "join-group")
          .does(new SocketEffects.SocketOption(SOL_IPV6, 20))
          .help("joins [group]:interface")
          .from("ipv6(7)")
          .in(ROWS);
  public static final Option<Integer> IPV6_MTU_DISCOVER =
      row("ipv6-mtu-discover", INT, Phase.PASTSOCKET, IP4, IP6)
          .aka("mtudiscover6")
          .does(new SocketEffects.SocketOption(SOL_IPV6, 23))
          .help("path MTU discovery: 0 no, 1 by route, 2 always")
          .from("ipv6(7)")
          .in(ROWS);
  public static final Option<Integer> IPV6_RECVERR =
      ip6("ipv6-recverr", 25).help("keeps errors in a queue").in(ROWS);
  public static final Option<Integer> IPV6_V6ONLY =
      row("ipv6-v6only", INT, Phase.PREBIND, IP6)
          .aka("ipv6only", "v6only")
          .does(new SocketEffects.SocketOption(SOL_IPV6, 26))
          .help("leaves version 4 alone")
          .from("ipv6(7)")
          .in(ROWS);
  public static final Option<MulticastGroup> IPV6_JOIN_SOURCE_GROUP =
      row("ipv6-join-source-group", MulticastGroup.GROUP_SOURCE_REQ, Phase.PASTSOCKET, IP6)
          .aka("ipv6-add-source-membership", "join-source-group")
          .does(new SocketEffects.SocketOption(SOL_IPV6, 46))
          .help("joins [group]:interface:[source]")
          .from("RFC 3678")
          .in(ROWS);
  public static final Option<Integer> IPV6_RECVPKTINFO =
      ip6("ipv6-recvpktinfo", 49)
          .aka("recvpktinfo")
          .help("receives interface and destination of each packet")
          .in(ROWS);
  public static final Option<Integer> IPV6_PKTINFO =
      ip6("ipv6-pktinfo", 50).help("interface and source of packets sent").in(ROWS);
  public static final Option<Integer> IPV6_RECVHOPLIMIT =
      ip6("ipv6-recvhoplimit", 51)
          .aka("recvhoplimit")
          .help("receives the hop limit of each packet")
          .in(ROWS);
  public static final Option<Integer> IPV6_HOPLIMIT =
      ip6("ipv6-hoplimit", 52)
          .aka("hoplimit")
          .help("hop limit of a packet; not as a socket option on Linux")
          .in(ROWS);
  public static final Option<Integer> IPV6_RECVHOPOPTS =
      ip6("ipv6-recvhopopts", 53).aka("recvhopopts").help("receives hop-by-hop options").in(ROWS);
  public static final Option<Integer> IPV6_HOPOPTS =
      ip6("ipv6-hopopts", 54).aka("hopopts").help("hop-by-hop options of packets sent").in(ROWS);
  public static final Option<Integer> IPV6_RECVRTHDR =
      ip6("ipv6-recvrthdr", 56).aka("recvrthdr").help("receives routing headers").in(ROWS);
  public static final Option<Integer> IPV6_RTHDR =
      ip6("ipv6-rthdr", 57).aka("rthdr").help("routing header of packets sent").in(ROWS);
  public static final Option<Integer> IPV6_RECVDSTOPTS =
      ip6("ipv6-recvdstopts", 58).aka("recvdstopts").help("receives destination options").in(ROWS);
  public static final Option<Integer> IPV6_DSTOPTS =
      ip6("ipv6-dstopts", 59).aka("dstopts").help("destination options of packets sent").in(ROWS);
  public static final Option<Integer> IPV6_RECVPATHMTU =
      ip6("ipv6-recvpathmtu", 60).help("is told of path MTU changes").in(ROWS);
  public static final Option<Integer> IPV6_RECVTCLASS =
      ip6("ipv6-recvtclass", 66).help("receives the traffic class of each packet").in(ROWS);
  public static final Option<Integer> IPV6_TCLASS =
      ip6("ipv6-tclass", 67).help("traffic class").in(ROWS);

  // --- name resolution
  public static final Option<Boolean> AI_ADDRCONFIG =
      row("ai-addrconfig", BOOL, Phase.OFFSET, IP4, IP6)
          .aka("addrconfig")
          .help("only addresses of versions that this host has")
          .from("getaddrinfo(3)")
          .in(ROWS);
  public static final Option<Boolean> AI_ALL =
      row("ai-all", BOOL, Phase.OFFSET, IP4, IP6)
          .help("with ai-v4mapped, both versions")
          .from("getaddrinfo(3)")
          .in(ROWS);
  public static final Option<Boolean> AI_PASSIVE =
      row("ai-passive", BOOL, Phase.OFFSET, IP4, IP6)
          .aka("passive")
          .help("addresses for listening")
          .from("getaddrinfo(3)")
          .in(ROWS);
  public static final Option<Boolean> AI_V4MAPPED =
      row("ai-v4mapped", BOOL, Phase.OFFSET, IP4, IP6)
          .aka("v4mapped")
          .help("version 4 addresses in version 6 form")
          .from("getaddrinfo(3)")
          .in(ROWS);

  private IpOptions() {}
}
