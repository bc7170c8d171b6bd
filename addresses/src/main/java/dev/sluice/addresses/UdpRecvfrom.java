package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import dev.sluice.os.SocketCalls;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes one datagram, or each, and answers its sender: {@code UDP-RECVFROM} and its like. See
 * udp(7).
 */
final class UdpRecvfrom implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpRecvfrom(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-RECVFROM")
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, CHILD, RANGE))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "takes one datagram and answers it",
                "Reads one datagram, and sends what comes back to its sender; with fork for every datagram.",
                name + "-RECVFROM:5353,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(
        () ->
            PacketListener.byPacket(
                ReceivingSocket.onPort(
                    context,
                    context.parameter(0),
                    kind.family(),
                    SocketCalls.SOCK_DGRAM,
                    kind.protocol())));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UdpRecvfrom(UdpKind.UDP_ANY),
          new UdpRecvfrom(UdpKind.UDP_4),
          new UdpRecvfrom(UdpKind.UDP_6),
          new UdpRecvfrom(UdpKind.LITE_ANY),
          new UdpRecvfrom(UdpKind.LITE_4),
          new UdpRecvfrom(UdpKind.LITE_6));
    }
  }
}
