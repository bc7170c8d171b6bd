package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.addresses.socket.UdpKind;
import dev.sluice.addresses.tls.TlsListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import dev.sluice.os.SocketCalls;
import java.util.concurrent.CompletionStage;

/** Waits for DTLS clients: {@code OPENSSL-DTLS-SERVER}. See RFC 6347. */
public final class OpensslDtlsServer implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("OPENSSL-DTLS-SERVER")
          .aka("DTLS-L", "DTLS-LISTEN", "DTLS-SERVER", "OPENSSL-DTLS-LISTEN")
          .takes(Parameter.required("port"))
          .groups(FD, SOCKET, LISTEN, CHILD, RETRY, RANGE, IP4, IP6, UDP, OPENSSL)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "waits for a DTLS client",
              "Shakes hands over UDP with the first client, or, with fork, with every client in a session of its own. Clients must have a certificate unless verify=0.",
              "OPENSSL-DTLS-SERVER:4433,fork,cert=server.pem,verify=0");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    UdpKind kind = UdpKind.UDP_ANY;
    return TlsListener.openDatagrams(
        context,
        first ->
            context.blocking(
                () ->
                    PacketListener.bySender(
                        ReceivingSocket.onPort(
                            context,
                            context.parameter(0),
                            kind.family(),
                            SocketCalls.SOCK_DGRAM,
                            kind.protocol()),
                        first)));
  }
}
