package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import dev.sluice.addresses.socket.DatagramSockets;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.addresses.tls.TlsClient;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.SocketCalls;
import java.util.concurrent.CompletionStage;

/** Exchanges encrypted datagrams with a server: {@code OPENSSL-DTLS-CLIENT}. See RFC 6347. */
public final class OpensslDtlsClient implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("OPENSSL-DTLS-CLIENT")
          .aka("DTLS", "DTLS-C", "DTLS-CLIENT", "DTLS-CONNECT", "OPENSSL-DTLS-CONNECT")
          .takes(Parameter.required("host"), Parameter.required("port"))
          .groups(FD, SOCKET, CHILD, RETRY, IP4, IP6, UDP, OPENSSL)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "exchanges encrypted datagrams with a DTLS server",
              "Shakes hands over UDP; the server's certificate must be trusted and for the host, unless options say otherwise.",
              "OPENSSL-DTLS-CLIENT:localhost:4433,cafile=ca.pem");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String host = context.parameter(0);
    String port = context.parameter(1);
    UdpKind kind = UdpKind.UDP_ANY;
    return TlsClient.open(
        context,
        true,
        () ->
            new DatagramSockets(context, SocketCalls.SOCK_DGRAM, kind.protocol())
                .connected("server ", host, port, kind.family()));
  }
}
