package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import dev.sluice.addresses.socket.StreamConnector;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.addresses.tls.TlsClient;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Connects to a TLS server: {@code OPENSSL}. See RFC 8446. */
public final class OpensslConnect implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("OPENSSL")
          .aka("SSL", "OPENSSL-CONNECT")
          .takes(Parameter.required("host"), Parameter.required("port"))
          .groups(FD, SOCKET, CHILD, RETRY, IP4, IP6, TCP, OPENSSL, CONNECTING)
          .documented(
              "connects to a TLS server",
              "Connects over TCP and shakes hands; the server's certificate must be trusted and for the host, unless options say otherwise.",
              "OPENSSL:www.example:443,cafile=ca.pem");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String host = context.parameter(0);
    String port = context.parameter(1);
    return TlsClient.open(
        context,
        false,
        () ->
            new StreamConnector(context, StreamKind.TCP_ANY.type(), StreamKind.TCP_ANY.protocol())
                .through("server", context.address().spec().head())
                .connect(host, port, 0));
  }
}
