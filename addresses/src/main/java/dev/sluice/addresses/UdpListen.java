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
 * Waits for a sender of datagrams and then serves it: {@code UDP-LISTEN} and its like. See udp(7).
 */
abstract class UdpListen implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpListen(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-LISTEN")
            .aka(name + "-L")
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, LISTEN, CHILD, RANGE))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "waits for a sender of datagrams",
                "Serves the first sender, or, with fork, every sender in a session of its own.",
                name + "-LISTEN:5353,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(
        () ->
            PacketListener.bySender(
                ReceivingSocket.onPort(
                    context,
                    context.parameter(0),
                    kind.family(),
                    LibC.SOCK_DGRAM,
                    kind.protocol())));
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpListen {
    public Any() {
      super(UdpKind.UDP_ANY);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpListen {
    public Ip4Only() {
      super(UdpKind.UDP_4);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpListen {
    public Ip6Only() {
      super(UdpKind.UDP_6);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpListen {
    public LiteAny() {
      super(UdpKind.LITE_ANY);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpListen {
    public LiteIp4Only() {
      super(UdpKind.LITE_4);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpListen {
    public LiteIp6Only() {
      super(UdpKind.LITE_6);
    }
  }
}
