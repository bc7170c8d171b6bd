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
 * Waits for a sender of datagrams and then serves it: {@code UDP-LISTEN} and its like. See udp(7).
 */
abstract class UdpListen implements AddressType {
  private static final int UDP_PROTOCOL = 17;
  private static final int UDPLITE_PROTOCOL = 136;

  private final int family;
  private final int protocol;
  private final AddressDescriptor descriptor;

  private UdpListen(String name, int family, int protocol, OptionGroup... groups) {
    this.family = family;
    this.protocol = protocol;
    this.descriptor =
        AddressDescriptor.named(name + "-LISTEN")
            .aka(name + "-L")
            .takes(Parameter.required("port"))
            .groups(FD, groups)
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
    return PacketListener.bySender(context, context.parameter(0), family, protocol);
  }

  /** UDP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends UdpListen {
    public Any() {
      super("UDP", 0, UDP_PROTOCOL, SOCKET, LISTEN, CHILD, RANGE, IP4, IP6, UDP);
    }
  }

  /** UDP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends UdpListen {
    public Ip4Only() {
      super(
          "UDP4", SocketAddressBytes.AF_INET, UDP_PROTOCOL, SOCKET, LISTEN, CHILD, RANGE, IP4, UDP);
    }
  }

  /** UDP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends UdpListen {
    public Ip6Only() {
      super(
          "UDP6",
          SocketAddressBytes.AF_INET6,
          UDP_PROTOCOL,
          SOCKET,
          LISTEN,
          CHILD,
          RANGE,
          IP6,
          UDP);
    }
  }

  /** UDP-Lite over either version of IP. */
  @AutoService(AddressType.class)
  public static final class LiteAny extends UdpListen {
    public LiteAny() {
      super("UDPLITE", 0, UDPLITE_PROTOCOL, SOCKET, LISTEN, CHILD, RANGE, IP4, IP6, UDP, UDPLITE);
    }
  }

  /** UDP-Lite over IPv4. */
  @AutoService(AddressType.class)
  public static final class LiteIp4Only extends UdpListen {
    public LiteIp4Only() {
      super(
          "UDPLITE4",
          SocketAddressBytes.AF_INET,
          UDPLITE_PROTOCOL,
          SOCKET,
          LISTEN,
          CHILD,
          RANGE,
          IP4,
          UDP,
          UDPLITE);
    }
  }

  /** UDP-Lite over IPv6. */
  @AutoService(AddressType.class)
  public static final class LiteIp6Only extends UdpListen {
    public LiteIp6Only() {
      super(
          "UDPLITE6",
          SocketAddressBytes.AF_INET6,
          UDPLITE_PROTOCOL,
          SOCKET,
          LISTEN,
          CHILD,
          RANGE,
          IP6,
          UDP,
          UDPLITE);
    }
  }
}
