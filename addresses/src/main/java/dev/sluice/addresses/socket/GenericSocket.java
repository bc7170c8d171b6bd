package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.CNumber;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Fd;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.spec.DataSyntax;
import java.util.concurrent.CompletionStage;

/**
 * A socket of any family, by numbers, with addresses in data syntax: what follows the family in
 * struct sockaddr.
 *
 * @param context names the parameters
 * @param domain protocol family
 * @param type {@code SOCK_*}
 * @param protocol number
 * @param address where to speak to, or to listen
 */
public record GenericSocket(
    OpenContext context, int domain, int type, int protocol, SocketAddressBytes address) {

  /** From the parameters {@code domain:protocol:address}. */
  public static GenericSocket stream(OpenContext context) {
    return of(context, SocketCalls.SOCK_STREAM, 1);
  }

  /** From the parameters {@code domain:type:protocol:address}. */
  public static GenericSocket datagram(OpenContext context) {
    return of(context, number(context, 1), 2);
  }

  private static GenericSocket of(OpenContext context, int type, int protocolAt) {
    int domain = HostPort.family(context.options(), number(context, 0));
    return new GenericSocket(
        context,
        domain,
        context.options().get(SocketOptions.SO_TYPE, type),
        context.options().get(SocketOptions.SO_PROTOCOL, number(context, protocolAt)),
        address(domain, context.parameter(protocolAt + 1)));
  }

  private static int number(OpenContext context, int parameter) {
    String text = context.parameter(parameter);
    CNumber number = CNumber.parse(text, 0);
    if (number.length() < text.length()) {
      context.log().warning("garbage in parameter: \"" + text.substring(number.length()) + "\"");
    }
    return (int) number.value();
  }

  private static SocketAddressBytes address(int domain, String data) {
    try {
      return SocketAddressBytes.ofData(domain, DataSyntax.parse(data));
    } catch (IllegalArgumentException e) {
      throw OpenFailure.lasting("syntax error in \"" + data + "\"");
    }
  }

  /** Connects; no thread waits meanwhile. */
  public CompletionStage<Endpoint> connect() {
    return new StreamConnector(context, type, protocol).connectTo(address, this::bind);
  }

  /** Listens. Blocks no longer than system calls do. */
  public Listener listen() {
    UnixNames.refuseBind(context);
    return StreamListener.listen(context, address, type, protocol, PeerFilter.ofData(context));
  }

  /** Sends to the address and hears only from it. Blocks no longer than system calls do. */
  public Endpoint sendingTo() {
    return datagrams().sendingTo(address);
  }

  /** Sends to the address and hears from all. Blocks no longer than system calls do. */
  public Endpoint exchanging() {
    return datagrams().datagrams(address, PeerFilter.ofData(context));
  }

  private DatagramSockets datagrams() {
    return new DatagramSockets(context, type, protocol, this::bind);
  }

  /** Receives at the address. */
  public ReceivingSocket receiving() {
    UnixNames.refuseBind(context);
    return ReceivingSocket.at(context, address, type, protocol, PeerFilter.ofData(context));
  }

  private void bind(Fd fd, SocketAddressBytes remote) {
    context
        .options()
        .find(SocketOptions.BIND)
        .ifPresent(data -> SocketCalls.bind(fd.number(), address(domain, data)));
  }
}
