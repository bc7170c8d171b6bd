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
 * Sends datagrams to one address and hears from anybody: {@code UDP-DATAGRAM} and its like. See
 * udp(7).
 */
final class UdpDatagram implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpDatagram(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-DATAGRAM")
            .aka(name + "-DGRAM")
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, RANGE))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends datagrams to an address, hears from all",
                "Sends each block as a datagram, also to a broadcast or multicast address, and takes datagrams from anybody.",
                name + "-DATAGRAM:127.255.255.255:123,broadcast");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new DatagramSockets(context, SocketCalls.SOCK_DGRAM, kind.protocol())
        .datagrams(context.parameter(0), context.parameter(1), kind.family());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UdpDatagram(UdpKind.UDP_ANY),
          new UdpDatagram(UdpKind.UDP_4),
          new UdpDatagram(UdpKind.UDP_6),
          new UdpDatagram(UdpKind.LITE_ANY),
          new UdpDatagram(UdpKind.LITE_4),
          new UdpDatagram(UdpKind.LITE_6));
    }
  }
}
