package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.proxy.ProxyConnection;
import dev.sluice.addresses.proxy.ProxyOptions;
import dev.sluice.addresses.proxy.Socks5;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Connects, or has a peer connect, through a SOCKS server of version 5: {@code SOCKS5-CONNECT} and
 * {@code SOCKS5-LISTEN}. See RFC 1928.
 */
final class Socks5Connect implements AddressType {
  private final AddressDescriptor descriptor;
  private final Socks5.Request request;

  private Socks5Connect(AddressDescriptor descriptor, Socks5.Request request, String target) {
    this.descriptor =
        descriptor
            .takes(
                Parameter.required("socks-server"),
                Parameter.optional("socks-port"),
                Parameter.required(target + "-host"),
                Parameter.required(target + "-port"))
            .groups(FD, SOCKET, CHILD, RETRY, IP4, IP6, TCP, SOCKS, CONNECTING);
    this.request = request;
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    List<String> given = context.address().spec().parameters();
    boolean portGiven = given.size() == descriptor.parameters().size();
    String server = given.get(0);
    String serverPort =
        portGiven ? given.get(1) : context.options().get(ProxyOptions.SOCKSPORT, "1080");
    String host = given.get(given.size() - 2);
    String port = given.get(given.size() - 1);
    String target = host + ":" + port;
    String via = server + ":" + serverPort;
    if (context.attempt() == 0) {
      context.log().notice("opening connection to %s vis socks5 server %s", target, via);
    }
    String head = context.address().spec().keyword() + ":" + via;
    return context
        .preparing(() -> new Socks5(context, request, head, host, port))
        .thenCompose(
            question ->
                ProxyConnection.open(
                    context,
                    "socks5 server",
                    head + ":...",
                    server,
                    serverPort,
                    question::ask,
                    String.format(
                        "successfully connected to %s via socks5 server %s", target, via)));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new Socks5Connect(
              AddressDescriptor.named("SOCKS5-CONNECT")
                  .aka("SOCKS5")
                  .documented(
                      "connects to a server through a SOCKS 5 server",
                      "Asks the SOCKS server to look the host up and to connect to it.",
                      "SOCKS5:socks.example:1080:www.example:80,socksuser=me,sockspass=secret"),
              Socks5.Request.CONNECT,
              "target"),
          new Socks5Connect(
              AddressDescriptor.named("SOCKS5-LISTEN")
                  .aka("SOCKS5-BIND")
                  .documented(
                      "has a SOCKS 5 server wait for a peer",
                      "Asks the SOCKS server to listen, and serves the first peer that connects there.",
                      "SOCKS5-LISTEN:socks.example:1080:192.0.2.1:4000"),
              Socks5.Request.BIND,
              "listen"));
    }
  }
}
