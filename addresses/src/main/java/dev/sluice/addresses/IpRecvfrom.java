package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.addresses.socket.RawIp;
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
 * Takes one packet of an IP protocol, or each, and answers its sender: {@code IP-RECVFROM} and its
 * like. See raw(7).
 */
abstract class IpRecvfrom implements AddressType {
  private final int family;
  private final AddressDescriptor descriptor;

  private IpRecvfrom(String version, int family, OptionGroup... groups) {
    this.family = family;
    String name = "IP" + version;
    this.descriptor =
        AddressDescriptor.named(name + "-RECVFROM")
            .takes(Parameter.required("protocol"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "takes one packet of an IP protocol and answers it",
                "Reads one packet, and sends what comes back to its sender; with fork for every packet.",
                name + "-RECVFROM:253,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(() -> PacketListener.byPacket(RawIp.receiving(context, family)));
  }

  /** Over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends IpRecvfrom {
    public Any() {
      super("", 0, SOCKET, CHILD, RANGE, IP4, IP6);
    }
  }

  /** Over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends IpRecvfrom {
    public Ip4Only() {
      super("4", SocketAddressBytes.AF_INET, SOCKET, CHILD, RANGE, IP4);
    }
  }

  /** Over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends IpRecvfrom {
    public Ip6Only() {
      super("6", SocketAddressBytes.AF_INET6, SOCKET, CHILD, RANGE, IP6);
    }
  }
}
