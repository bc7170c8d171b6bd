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
 * Sends datagrams to one address and hears only from it: {@code UDP-SENDTO} and its like. See
 * udp(7).
 */
final class UdpSendto implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpSendto(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-SENDTO")
            .aka(name + "-SEND")
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends datagrams to one address",
                "Sends each block as a datagram, and takes answers from that address alone.",
                name + "-SENDTO:localhost:514");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new DatagramSockets(context, SocketCalls.SOCK_DGRAM, kind.protocol())
        .sendingTo(context.parameter(0), context.parameter(1), kind.family());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UdpSendto(UdpKind.UDP_ANY),
          new UdpSendto(UdpKind.UDP_4),
          new UdpSendto(UdpKind.UDP_6),
          new UdpSendto(UdpKind.LITE_ANY),
          new UdpSendto(UdpKind.LITE_4),
          new UdpSendto(UdpKind.LITE_6));
    }
  }
}
