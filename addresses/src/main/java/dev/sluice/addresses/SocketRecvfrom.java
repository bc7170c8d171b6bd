package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.GenericSocket;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CompletionStage;

/**
 * Takes one datagram, or each, of a socket of any family and answers its sender: {@code
 * SOCKET-RECVFROM}. See socket(2).
 */
@AutoService(AddressTypes.class)
public final class SocketRecvfrom implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKET-RECVFROM")
          .takes(
              Parameter.required("domain"),
              Parameter.required("type"),
              Parameter.required("protocol"),
              Parameter.required("local-address"))
          .groups(FD, SOCKET, CHILD, RANGE)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "takes one datagram of a socket of any family and answers it",
              "Reads one datagram, and sends what comes back to its sender; with fork for every datagram.",
              "SOCKET-RECVFROM:2:2:17:x1f90x00000000x0000000000000000,fork");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(
        () -> PacketListener.byPacket(GenericSocket.datagram(context).receiving()));
  }
}
