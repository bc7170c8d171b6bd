package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.Vsock;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Connects to a port of a virtual machine or of its host: {@code VSOCK-CONNECT}. See vsock(7). */
@AutoService(AddressTypes.class)
public final class VsockConnect implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("VSOCK-CONNECT")
          .aka("VSOCK")
          .takes(Parameter.required("cid"), Parameter.required("port"))
          .groups(FD, SOCKET, CHILD, RETRY, CONNECTING)
          .documented(
              "connects to a port of a virtual machine",
              "The context identifier names the machine; 2 is its host, and 1 is this machine itself.",
              "VSOCK-CONNECT:2:1234");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return Vsock.connect(context);
  }
}
