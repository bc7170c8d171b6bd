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
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Takes all datagrams to a socket of any family: {@code SOCKET-RECV}. See socket(2). */
@AutoService(AddressTypes.class)
public final class SocketRecv implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKET-RECV")
          .takes(
              Parameter.required("domain"),
              Parameter.required("type"),
              Parameter.required("protocol"),
              Parameter.required("local-address"))
          .groups(FD, SOCKET, RANGE)
          .keeps(Boundary.DATAGRAM)
          .goes(Direction.READ)
          .documented(
              "takes all datagrams to a socket of any family",
              "Reads datagrams from anybody, and answers none.",
              "SOCKET-RECV:2:2:17:x1f90x00000000x0000000000000000");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> GenericSocket.datagram(context).receiving().receiver());
  }
}
