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
 * Sends datagrams over a socket of any family and hears from anybody: {@code SOCKET-DATAGRAM}. See
 * socket(2).
 */
@AutoService(AddressTypes.class)
public final class SocketDatagram implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKET-DATAGRAM")
          .aka("DATAGRAM", "DGRAM")
          .takes(
              Parameter.required("domain"),
              Parameter.required("type"),
              Parameter.required("protocol"),
              Parameter.required("remote-address"))
          .groups(FD, SOCKET, RANGE)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "sends datagrams over a socket of any family, hears from all",
              "Sends each block as a datagram to an address in data syntax, and takes datagrams from anybody.",
              "SOCKET-DATAGRAM:2:2:17:x007bx7fffffffx0000000000000000,broadcast");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> GenericSocket.datagram(context).exchanging());
  }
}
