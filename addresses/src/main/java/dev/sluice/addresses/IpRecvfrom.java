package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.addresses.socket.RawIp;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes one packet of an IP protocol, or each, and answers its sender: {@code IP-RECVFROM} and its
 * like. See raw(7).
 */
final class IpRecvfrom implements AddressType {
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

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new IpRecvfrom("", 0, SOCKET, CHILD, RANGE, IP4, IP6),
          new IpRecvfrom("4", SocketAddressBytes.AF_INET, SOCKET, CHILD, RANGE, IP4),
          new IpRecvfrom("6", SocketAddressBytes.AF_INET6, SOCKET, CHILD, RANGE, IP6));
    }
  }
}
