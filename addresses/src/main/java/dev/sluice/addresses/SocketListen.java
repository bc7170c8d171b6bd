package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.GenericSocket;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CompletionStage;

/** Listens on a stream socket of any family: {@code SOCKET-LISTEN}. See socket(2). */
@AutoService(AddressTypes.class)
public final class SocketListen implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKET-LISTEN")
          .takes(
              Parameter.required("domain"),
              Parameter.required("protocol"),
              Parameter.required("local-address"))
          .groups(FD, SOCKET, LISTEN, CHILD, RETRY, RANGE, ACCEPTING)
          .documented(
              "waits for a client of a socket of any family",
              "Family and protocol are numbers; the address is what follows the family, in data syntax.",
              "SOCKET-LISTEN:2:6:x1f90x00000000x0000000000000000,fork");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(() -> GenericSocket.stream(context).listen());
  }
}
