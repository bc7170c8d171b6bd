package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.addresses.socket.StreamListener;
import dev.sluice.addresses.tls.TlsListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CompletionStage;

/** Waits for TLS clients: {@code OPENSSL-LISTEN}. See RFC 8446. */
public final class OpensslListen implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("OPENSSL-LISTEN")
          .aka("SSL-L")
          .takes(Parameter.required("port"))
          .groups(FD, SOCKET, LISTEN, CHILD, RETRY, RANGE, IP4, IP6, TCP, OPENSSL, ACCEPTING)
          .documented(
              "waits for a TLS client",
              "Listens on a port and shakes hands with the first client, or, with fork, with every client in a session of its own. Clients must have a certificate unless verify=0.",
              "OPENSSL-LISTEN:4433,fork,cert=server.pem,verify=0");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    StreamKind kind = StreamKind.TCP_ANY;
    return TlsListener.open(
        context,
        () ->
            StreamListener.onPort(
                context, context.parameter(0), kind.family(), kind.type(), kind.protocol()));
  }
}
