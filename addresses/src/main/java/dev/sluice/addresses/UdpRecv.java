package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.SocketCalls;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Takes all datagrams to a port: {@code UDP-RECV} and its like. See udp(7). */
final class UdpRecv implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpRecv(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-RECV")
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, RANGE))
            .keeps(Boundary.DATAGRAM)
            .goes(Direction.READ)
            .documented(
                "takes all datagrams to a port",
                "Reads datagrams from anybody, and answers none.",
                name + "-RECV:5353");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(
        () ->
            ReceivingSocket.onPort(
                    context,
                    context.parameter(0),
                    kind.family(),
                    SocketCalls.SOCK_DGRAM,
                    kind.protocol())
                .receiver());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UdpRecv(UdpKind.UDP_ANY),
          new UdpRecv(UdpKind.UDP_4),
          new UdpRecv(UdpKind.UDP_6),
          new UdpRecv(UdpKind.LITE_ANY),
          new UdpRecv(UdpKind.LITE_4),
          new UdpRecv(UdpKind.LITE_6));
    }
  }
}
