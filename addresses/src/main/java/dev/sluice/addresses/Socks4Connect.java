package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.proxy.ProxyConnection;
import dev.sluice.addresses.proxy.ProxyOptions;
import dev.sluice.addresses.proxy.Socks4;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Connects to a server through a SOCKS server of version 4: {@code SOCKS4} and {@code SOCKS4A}. */
final class Socks4Connect implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean named;

  private Socks4Connect(AddressDescriptor descriptor, boolean named) {
    this.descriptor =
        descriptor
            .takes(
                Parameter.required("socks-server"),
                Parameter.required("host"),
                Parameter.required("port"))
            .groups(FD, SOCKET, CHILD, RETRY, IP4, IP6, TCP, SOCKS, CONNECTING);
    this.named = named;
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String server = context.parameter(0);
    String host = context.parameter(1);
    String port = context.parameter(2);
    String serverPort = context.options().get(ProxyOptions.SOCKSPORT, "1080");
    if (context.attempt() == 0) {
      context
          .log()
          .notice(
              "opening connection to %s:%s via socks4 server %s:%s as user \"%s\"",
              host, port, server, serverPort, Socks4.user(context));
    }
    String head =
        context.address().spec().keyword() + ":" + server + ":...,socksport=" + serverPort;
    return context
        .preparing(
            () ->
                named ? Socks4.byName(context, host, port) : Socks4.byAddress(context, host, port))
        .thenCompose(
            request ->
                ProxyConnection.open(
                    context,
                    "sockd",
                    head,
                    server,
                    serverPort,
                    request::ask,
                    String.format(
                        "successfully connected to %s:%s via sockd %s:%s",
                        host, port, server, serverPort)));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new Socks4Connect(
              AddressDescriptor.named("SOCKS4")
                  .aka("SOCKS")
                  .documented(
                      "connects to a server through a SOCKS 4 server",
                      "Looks the host's IPv4 address up, and asks the SOCKS server to connect to it.",
                      "SOCKS4:socks.example:www.example:80,socksuser=nobody"),
              false),
          new Socks4Connect(
              AddressDescriptor.named("SOCKS4A")
                  .documented(
                      "connects to a server through a SOCKS 4a server",
                      "Asks the SOCKS server to look the host up and to connect to it.",
                      "SOCKS4A:socks.example:www.example:80,socksport=9050"),
              true));
    }
  }
}
