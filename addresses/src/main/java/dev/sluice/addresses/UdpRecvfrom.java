package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import dev.sluice.os.LibC;
import java.util.concurrent.CompletionStage;

/**
 * Takes one datagram, or each, and answers its sender: {@code UDP-RECVFROM} and its like. See
 * udp(7).
 */
abstract class UdpRecvfrom implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpRecvfrom(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-RECVFROM")
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, CHILD, RANGE))
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
    return context.blocking(
        () ->
            PacketListener.byPacket(
                ReceivingSocket.onPort(
                    context,
                    context.parameter(0),
                    kind.family(),
                    LibC.SOCK_DGRAM,
                    kind.protocol())));
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpRecvfrom {
    public Any() {
      super(UdpKind.UDP_ANY);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpRecvfrom {
    public Ip4Only() {
      super(UdpKind.UDP_4);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpRecvfrom {
    public Ip6Only() {
      super(UdpKind.UDP_6);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpRecvfrom {
    public LiteAny() {
      super(UdpKind.LITE_ANY);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpRecvfrom {
    public LiteIp4Only() {
      super(UdpKind.LITE_4);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpRecvfrom {
    public LiteIp6Only() {
      super(UdpKind.LITE_6);
    }
  }
}
