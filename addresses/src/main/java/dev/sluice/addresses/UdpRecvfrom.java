package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.concurrent.CompletionStage;

/**
 * Takes one datagram, or each, and answers its sender: {@code UDP-RECVFROM} and its like. See
 * udp(7).
 */
abstract class UdpRecvfrom implements AddressType {
  private static final int UDP_PROTOCOL = 17;
  private static final int UDPLITE_PROTOCOL = 136;

  private final int family;
  private final int protocol;
  private final AddressDescriptor descriptor;

  private UdpRecvfrom(String name, int family, int protocol, OptionGroup... groups) {
    this.family = family;
    this.protocol = protocol;
    this.descriptor =
        AddressDescriptor.named(name + "-RECVFROM")
            .takes(Parameter.required("port"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "takes one datagram and answers it",
                "Reads one datagram, and sends what comes back to its sender; with fork for every datagram.",
                name + "-RECVFROM:5353,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return PacketListener.byPacket(context, context.parameter(0), family, protocol);
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpRecvfrom {
    public Any() {
      super("UDP", 0, UDP_PROTOCOL, SOCKET, CHILD, RANGE, IP4, IP6, UDP);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpRecvfrom {
    public Ip4Only() {
      super("UDP4", SocketAddressBytes.AF_INET, UDP_PROTOCOL, SOCKET, CHILD, RANGE, IP4, UDP);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpRecvfrom {
    public Ip6Only() {
      super("UDP6", SocketAddressBytes.AF_INET6, UDP_PROTOCOL, SOCKET, CHILD, RANGE, IP6, UDP);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpRecvfrom {
    public LiteAny() {
      super("UDPLITE", 0, UDPLITE_PROTOCOL, SOCKET, CHILD, RANGE, IP4, IP6, UDP, UDPLITE);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpRecvfrom {
    public LiteIp4Only() {
      super(
          "UDPLITE4",
          SocketAddressBytes.AF_INET,
          UDPLITE_PROTOCOL,
          SOCKET,
          CHILD,
          RANGE,
          IP4,
          UDP,
          UDPLITE);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpRecvfrom {
    public LiteIp6Only() {
      super(
          "UDPLITE6",
          SocketAddressBytes.AF_INET6,
          UDPLITE_PROTOCOL,
          SOCKET,
          CHILD,
          RANGE,
          IP6,
          UDP,
          UDPLITE);
    }
  }
}
