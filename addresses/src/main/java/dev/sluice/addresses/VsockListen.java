package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.Vsock;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CompletionStage;

/**
 * Waits for clients from other virtual machines or their host: {@code VSOCK-LISTEN}. See vsock(7).
 */
@AutoService(AddressTypes.class)
public final class VsockListen implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("VSOCK-LISTEN")
          .aka("VSOCK-L")
          .takes(Parameter.required("port"))
          .groups(FD, SOCKET, LISTEN, CHILD, RETRY, ACCEPTING)
          .documented(
              "waits for a client from another virtual machine",
              "Listens on a port of this machine's context identifier, or of the one in option bind.",
              "VSOCK-LISTEN:1234,fork");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(() -> Vsock.listen(context));
  }
}
