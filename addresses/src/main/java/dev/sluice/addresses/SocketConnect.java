package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.GenericSocket;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Connects a stream socket of any family: {@code SOCKET-CONNECT}. See socket(2). */
@AutoService(AddressTypes.class)
public final class SocketConnect implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKET-CONNECT")
          .takes(
              Parameter.required("domain"),
              Parameter.required("protocol"),
              Parameter.required("remote-address"))
          .groups(FD, SOCKET, CHILD, RETRY, CONNECTING)
          .documented(
              "connects a socket of any family",
              "Family and protocol are numbers; the address is what follows the family, in data syntax.",
              "SOCKET-CONNECT:2:6:x0050x7f000001x0000000000000000");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return GenericSocket.stream(context).connect();
  }
}
