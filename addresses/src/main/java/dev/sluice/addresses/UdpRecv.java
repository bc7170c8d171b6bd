package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.LibC;
import java.util.concurrent.CompletionStage;

/** Takes all datagrams to a port: {@code UDP-RECV} and its like. See udp(7). */
abstract class UdpRecv implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpRecv(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-RECV")
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, RANGE))
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
    return context.blocking(
        () ->
            ReceivingSocket.onPort(
                    context, context.parameter(0), kind.family(), LibC.SOCK_DGRAM, kind.protocol())
                .receiver());
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpRecv {
    public Any() {
      super(UdpKind.UDP_ANY);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpRecv {
    public Ip4Only() {
      super(UdpKind.UDP_4);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpRecv {
    public Ip6Only() {
      super(UdpKind.UDP_6);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpRecv {
    public LiteAny() {
      super(UdpKind.LITE_ANY);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpRecv {
    public LiteIp4Only() {
      super(UdpKind.LITE_4);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpRecv {
    public LiteIp6Only() {
      super(UdpKind.LITE_6);
    }
  }
}
