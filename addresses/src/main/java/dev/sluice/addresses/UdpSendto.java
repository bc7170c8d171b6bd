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
 * Sends datagrams to one address and hears only from it: {@code UDP-SENDTO} and its like. See
 * udp(7).
 */
abstract class UdpSendto implements AddressType {
  private static final int UDP_PROTOCOL = 17;
  private static final int UDPLITE_PROTOCOL = 136;

  private final int family;
  private final int protocol;
  private final AddressDescriptor descriptor;

  private UdpSendto(String name, int family, int protocol, OptionGroup... groups) {
    this.family = family;
    this.protocol = protocol;
    this.descriptor =
        AddressDescriptor.named(name + "-SENDTO")
            .aka(name + "-SEND")
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends datagrams to one address",
                "Sends each block as a datagram, and takes answers from that address alone.",
                name + "-SENDTO:localhost:514");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new DatagramSockets(context, LibC.SOCK_DGRAM, protocol)
        .sendingTo(context.parameter(0), context.parameter(1), family);
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpSendto {
    public Any() {
      super("UDP", 0, UDP_PROTOCOL, SOCKET, IP4, IP6, UDP);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpSendto {
    public Ip4Only() {
      super("UDP4", SocketAddressBytes.AF_INET, UDP_PROTOCOL, SOCKET, IP4, UDP);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpSendto {
    public Ip6Only() {
      super("UDP6", SocketAddressBytes.AF_INET6, UDP_PROTOCOL, SOCKET, IP6, UDP);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpSendto {
    public LiteAny() {
      super("UDPLITE", 0, UDPLITE_PROTOCOL, SOCKET, IP4, IP6, UDP, UDPLITE);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpSendto {
    public LiteIp4Only() {
      super("UDPLITE4", SocketAddressBytes.AF_INET, UDPLITE_PROTOCOL, SOCKET, IP4, UDP, UDPLITE);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpSendto {
    public LiteIp6Only() {
      super("UDPLITE6", SocketAddressBytes.AF_INET6, UDPLITE_PROTOCOL, SOCKET, IP6, UDP, UDPLITE);
    }
  }
}
