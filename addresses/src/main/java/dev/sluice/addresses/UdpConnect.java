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
 * Exchanges datagrams with one address over a connected socket: {@code UDP-CONNECT} and its like.
 * See udp(7).
 */
abstract class UdpConnect implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpConnect(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-CONNECT")
            .aka(name)
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "exchanges datagrams with one address",
                "Connects a datagram socket, so that only datagrams of that address arrive; an empty one is the end of data.",
                name + ":localhost:53");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new DatagramSockets(context, LibC.SOCK_DGRAM, kind.protocol())
        .connected(context.parameter(0), context.parameter(1), kind.family());
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpConnect {
    public Any() {
      super(UdpKind.UDP_ANY);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpConnect {
    public Ip4Only() {
      super(UdpKind.UDP_4);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpConnect {
    public Ip6Only() {
      super(UdpKind.UDP_6);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpConnect {
    public LiteAny() {
      super(UdpKind.LITE_ANY);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpConnect {
    public LiteIp4Only() {
      super(UdpKind.LITE_4);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpConnect {
    public LiteIp6Only() {
      super(UdpKind.LITE_6);
    }
  }
}
