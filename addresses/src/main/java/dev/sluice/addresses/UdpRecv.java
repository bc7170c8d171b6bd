package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.concurrent.CompletionStage;

/** Takes all datagrams to a port: {@code UDP-RECV} and its like. See udp(7). */
abstract class UdpRecv implements AddressType {
  private static final int UDP_PROTOCOL = 17;
  private static final int UDPLITE_PROTOCOL = 136;

  private final int family;
  private final int protocol;
  private final AddressDescriptor descriptor;

  private UdpRecv(String name, int family, int protocol, OptionGroup... groups) {
    this.family = family;
    this.protocol = protocol;
    this.descriptor =
        AddressDescriptor.named(name + "-RECV")
            .takes(Parameter.required("port"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .goes(Direction.READ)
            .documented(
                "takes all datagrams to a port",
                "Reads datagrams from anybody, and answers none.",
                name + "-RECV:5353");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return PacketListener.receiver(context, context.parameter(0), family, protocol);
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpRecv {
    public Any() {
      super("UDP", 0, UDP_PROTOCOL, SOCKET, RANGE, IP4, IP6, UDP);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpRecv {
    public Ip4Only() {
      super("UDP4", SocketAddressBytes.AF_INET, UDP_PROTOCOL, SOCKET, RANGE, IP4, UDP);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpRecv {
    public Ip6Only() {
      super("UDP6", SocketAddressBytes.AF_INET6, UDP_PROTOCOL, SOCKET, RANGE, IP6, UDP);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpRecv {
    public LiteAny() {
      super("UDPLITE", 0, UDPLITE_PROTOCOL, SOCKET, RANGE, IP4, IP6, UDP, UDPLITE);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpRecv {
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
  public static final class LiteIp6Only extends UdpRecv {
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
