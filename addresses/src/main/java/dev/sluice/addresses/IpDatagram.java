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
 * Sends packets of an IP protocol to one host and hears from anybody: {@code IP-DATAGRAM} and its
 * like. See raw(7).
 */
final class IpDatagram implements AddressType {
  private final int family;
  private final AddressDescriptor descriptor;

  private IpDatagram(String version, int family, OptionGroup... groups) {
    this.family = family;
    String name = "IP" + version;
    this.descriptor =
        AddressDescriptor.named(name + "-DATAGRAM")
            .aka(name + "-DGRAM")
            .takes(Parameter.required("host"), Parameter.required("protocol"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends packets of an IP protocol to a host, hears from all",
                "Sends each block as the payload of a packet, and takes packets of the protocol from anybody.",
                name + "-DATAGRAM:localhost:253");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return RawIp.target(context, (raw, host) -> raw.datagrams(host, null, family));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new IpDatagram("", 0, SOCKET, RANGE, IP4, IP6),
          new IpDatagram("4", SocketAddressBytes.AF_INET, SOCKET, RANGE, IP4),
          new IpDatagram("6", SocketAddressBytes.AF_INET6, SOCKET, RANGE, IP6));
    }
  }
}
