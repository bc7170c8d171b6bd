package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.DatagramSockets;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.LibC;
import java.util.concurrent.CompletionStage;

/**
 * Sends datagrams to one address and hears from anybody: {@code UDP-DATAGRAM} and its like. See
 * udp(7).
 */
abstract class UdpDatagram implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpDatagram(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-DATAGRAM")
            .aka(name + "-DGRAM")
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, RANGE))
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
    return new DatagramSockets(context, LibC.SOCK_DGRAM, kind.protocol())
        .datagrams(context.parameter(0), context.parameter(1), kind.family());
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpDatagram {
    public Any() {
      super(UdpKind.UDP_ANY);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpDatagram {
    public Ip4Only() {
      super(UdpKind.UDP_4);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpDatagram {
    public Ip6Only() {
      super(UdpKind.UDP_6);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpDatagram {
    public LiteAny() {
      super(UdpKind.LITE_ANY);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpDatagram {
    public LiteIp4Only() {
      super(UdpKind.LITE_4);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpDatagram {
    public LiteIp6Only() {
      super(UdpKind.LITE_6);
    }
  }
}
