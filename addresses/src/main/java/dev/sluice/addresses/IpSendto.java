package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.RawIp;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Sends packets of an IP protocol to one host and hears only from it: {@code IP-SENDTO} and its
 * like. See raw(7).
 */
final class IpSendto implements AddressType {
  private final int family;
  private final AddressDescriptor descriptor;

  private IpSendto(String version, int family, OptionGroup... groups) {
    this.family = family;
    String name = "IP" + version;
    this.descriptor =
        AddressDescriptor.named(name + "-SENDTO")
            .aka(name, name + "-SEND")
            .takes(Parameter.required("host"), Parameter.required("protocol"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends packets of an IP protocol to a host",
                "Sends each block as the payload of a packet, and takes packets from that host alone.",
                name + "-SENDTO:localhost:253");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return RawIp.target(context, (raw, host) -> raw.sendingTo(host, null, family));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new IpSendto("", 0, SOCKET, IP4, IP6),
          new IpSendto("4", SocketAddressBytes.AF_INET, SOCKET, IP4),
          new IpSendto("6", SocketAddressBytes.AF_INET6, SOCKET, IP6));
    }
  }
}
