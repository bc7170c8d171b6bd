package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.DatagramSockets;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.SocketCalls;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Exchanges datagrams with one address over a connected socket: {@code UDP-CONNECT} and its like.
 * See udp(7).
 */
final class UdpConnect implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpConnect(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-CONNECT")
            .aka(name)
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "exchanges datagrams with one address",
                "Connects a datagram socket, so that only datagrams of that address arrive; an empty one is the end of data.",
                name + ":localhost:53");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new DatagramSockets(context, SocketCalls.SOCK_DGRAM, kind.protocol())
        .connected(context.parameter(0), context.parameter(1), kind.family());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UdpConnect(UdpKind.UDP_ANY),
          new UdpConnect(UdpKind.UDP_4),
          new UdpConnect(UdpKind.UDP_6),
          new UdpConnect(UdpKind.LITE_ANY),
          new UdpConnect(UdpKind.LITE_4),
          new UdpConnect(UdpKind.LITE_6));
    }
  }
}
