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
 * Waits for a sender of datagrams and then serves it: {@code UDP-LISTEN} and its like. See udp(7).
 */
final class UdpListen implements AddressType {
  private final UdpKind kind;
  private final AddressDescriptor descriptor;

  private UdpListen(UdpKind kind) {
    this.kind = kind;
    String name = kind.keyword();
    this.descriptor =
        AddressDescriptor.named(name + "-LISTEN")
            .aka(name + "-L")
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, LISTEN, CHILD, RANGE))
            .keeps(Boundary.DATAGRAM)
            .documented(
                "waits for a sender of datagrams",
                "Serves the first sender, or, with fork, every sender in a session of its own.",
                name + "-LISTEN:5353,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(
        () ->
            PacketListener.bySender(
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
          new UdpListen(UdpKind.UDP_ANY),
          new UdpListen(UdpKind.UDP_4),
          new UdpListen(UdpKind.UDP_6),
          new UdpListen(UdpKind.LITE_ANY),
          new UdpListen(UdpKind.LITE_4),
          new UdpListen(UdpKind.LITE_6));
    }
  }
}
