package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.DatagramSockets;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketAddressBytes;
import java.util.concurrent.CompletionStage;

/**
 * Sends datagrams to one address and hears from anybody: {@code UDP-DATAGRAM} and its like. See
 * udp(7).
 */
abstract class UdpDatagram implements AddressType {
  private static final int UDP_PROTOCOL = 17;
  private static final int UDPLITE_PROTOCOL = 136;

  private final int family;
  private final int protocol;
  private final AddressDescriptor descriptor;

  private UdpDatagram(String name, int family, int protocol, OptionGroup... groups) {
    this.family = family;
    this.protocol = protocol;
    this.descriptor =
        AddressDescriptor.named(name + "-DATAGRAM")
            .aka(name + "-DGRAM")
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends datagrams to an address, hears from all",
                "Sends each block as a datagram, also to a broadcast or multicast address, and takes datagrams from anybody.",
                name + "-DATAGRAM:127.255.255.255:123,broadcast");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new DatagramSockets(context, LibC.SOCK_DGRAM, protocol)
        .datagrams(context.parameter(0), context.parameter(1), family);
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpDatagram {
    public Any() {
      super("UDP", 0, UDP_PROTOCOL, SOCKET, RANGE, IP4, IP6, UDP);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpDatagram {
    public Ip4Only() {
      super("UDP4", SocketAddressBytes.AF_INET, UDP_PROTOCOL, SOCKET, RANGE, IP4, UDP);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpDatagram {
    public Ip6Only() {
      super("UDP6", SocketAddressBytes.AF_INET6, UDP_PROTOCOL, SOCKET, RANGE, IP6, UDP);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpDatagram {
    public LiteAny() {
      super("UDPLITE", 0, UDPLITE_PROTOCOL, SOCKET, RANGE, IP4, IP6, UDP, UDPLITE);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpDatagram {
    public LiteIp4Only() {
      super(
          "UDPLITE4",
          SocketAddressBytes.AF_INET,
          UDPLITE_PROTOCOL,
          SOCKET,
          RANGE,
          IP4,
          UDP,
          UDPLITE);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpDatagram {
    public LiteIp6Only() {
      super(
          "UDPLITE6",
          SocketAddressBytes.AF_INET6,
          UDPLITE_PROTOCOL,
          SOCKET,
          RANGE,
          IP6,
          UDP,
          UDPLITE);
    }
  }
}
