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
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Takes all packets of an IP protocol: {@code IP-RECV} and its like. See raw(7). */
final class IpRecv implements AddressType {
  private final int family;
  private final AddressDescriptor descriptor;

  private IpRecv(String version, int family, OptionGroup... groups) {
    this.family = family;
    String name = "IP" + version;
    this.descriptor =
        AddressDescriptor.named(name + "-RECV")
            .takes(Parameter.required("protocol"))
            .groups(FD, groups)
            .keeps(Boundary.DATAGRAM)
            .goes(Direction.READ)
            .documented(
                "takes all packets of an IP protocol",
                "Reads packets from anybody, without their header, and answers none.",
                name + "-RECV:253");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> RawIp.receiving(context, family).receiver());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new IpRecv("", 0, SOCKET, RANGE, IP4, IP6),
          new IpRecv("4", SocketAddressBytes.AF_INET, SOCKET, RANGE, IP4),
          new IpRecv("6", SocketAddressBytes.AF_INET6, SOCKET, RANGE, IP6));
    }
  }
}
