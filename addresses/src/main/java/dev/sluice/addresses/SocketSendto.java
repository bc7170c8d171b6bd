package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.GenericSocket;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/**
 * Sends datagrams over a socket of any family and hears only from their address: {@code
 * SOCKET-SENDTO}. See socket(2).
 */
@AutoService(AddressTypes.class)
public final class SocketSendto implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKET-SENDTO")
          .aka("SENDTO")
          .takes(
              Parameter.required("domain"),
              Parameter.required("type"),
              Parameter.required("protocol"),
              Parameter.required("remote-address"))
          .groups(FD, SOCKET)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "sends datagrams over a socket of any family",
              "Sends each block as a datagram to an address in data syntax, and takes answers from it alone.",
              "SOCKET-SENDTO:2:2:17:x0202x7f000001x0000000000000000");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> GenericSocket.datagram(context).sendingTo());
  }
}
