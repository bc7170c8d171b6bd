package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import dev.sluice.addresses.proxy.HttpConnect;
import dev.sluice.addresses.proxy.ProxyConnection;
import dev.sluice.addresses.proxy.ProxyOptions;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Connects to a server through an HTTP proxy: {@code PROXY-CONNECT}. See RFC 9110, 9.3.6. */
public final class ProxyConnect implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("PROXY")
          .aka("PROXY-CONNECT")
          .takes(
              Parameter.required("proxy-server"),
              Parameter.required("host"),
              Parameter.required("port"))
          .groups(FD, SOCKET, CHILD, RETRY, IP4, IP6, TCP, HTTP, CONNECTING)
          .documented(
              "connects to a server through an HTTP proxy",
              "Asks a proxy for a tunnel to host and port with the CONNECT method.",
              "PROXY:proxy.example:www.example:443,proxyport=3128");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String proxy = context.parameter(0);
    String port = context.options().get(ProxyOptions.PROXYPORT, "8080");
    String target = context.parameter(1) + ":" + context.parameter(2);
    String via = proxy + ":" + port;
    if (context.attempt() == 0) {
      context.log().notice("opening connection to %s via proxy %s", target, via);
    }
    String head = context.address().spec().keyword() + ":" + proxy + ":...,proxyport=" + port;
    return context
        .preparing(() -> HttpConnect.to(context, context.parameter(1), context.parameter(2)))
        .thenCompose(
            request ->
                ProxyConnection.open(
                    context,
                    "proxy",
                    head,
                    proxy,
                    port,
                    request::ask,
                    String.format("successfully connected to %s via proxy %s", target, via)));
  }
}
