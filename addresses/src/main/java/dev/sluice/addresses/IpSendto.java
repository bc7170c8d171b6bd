package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.RawIp;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.concurrent.CompletionStage;

/**
 * Sends packets of an IP protocol to one host and hears only from it: {@code IP-SENDTO} and its
 * like. See raw(7).
 */
abstract class IpSendto implements AddressType {
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

  /** Over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends IpSendto {
    public Any() {
      super("", 0, SOCKET, IP4, IP6);
    }
  }

  /** Over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends IpSendto {
    public Ip4Only() {
      super("4", SocketAddressBytes.AF_INET, SOCKET, IP4);
    }
  }

  /** Over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends IpSendto {
    public Ip6Only() {
      super("6", SocketAddressBytes.AF_INET6, SOCKET, IP6);
    }
  }
}
