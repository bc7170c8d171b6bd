package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.proxy.ProxyServer;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.OptionGroup;
import java.util.concurrent.CompletionStage;

/**
 * Serves clients that choose their target: {@code SOCKS-SERVER}, see RFC 1928, and {@code
 * PROXY-SERVER}, see RFC 9110, 9.3.6.
 */
abstract class ProxyServing implements AddressType {
  private static final String GUARD =
      " The right address is TARGET. It listens on the loopback interface unless bind says otherwise, and on any other only with allow, range or a password.";

  private final AddressDescriptor descriptor;

  private ProxyServing(AddressDescriptor descriptor, OptionGroup protocol) {
    this.descriptor =
        descriptor
            .takes(Parameter.required("port"))
            .groups(FD, SOCKET, LISTEN, CHILD, RETRY, RANGE, IP4, IP6, TCP, ACCEPTING, protocol)
            .whosePeersChoose();
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  /** For clients of SOCKS. */
  @AutoService(AddressTypes.class)
  public static final class Socks extends ProxyServing {
    public Socks() {
      super(
          AddressDescriptor.named("SOCKS-SERVER")
              .documented(
                  "serves SOCKS clients",
                  "Hears from each client, in SOCKS 4, 4a or 5, what to connect it with." + GUARD,
                  "SOCKS-SERVER:1080,fork,allow=*.example.com:443,deny=10.0.0.0/8"),
          SOCKS_SERVER);
    }

    @Override
    public CompletionStage<Listener> open(OpenContext context) {
      return ProxyServer.socks(context);
    }
  }

  /** For clients of an HTTP proxy. */
  @AutoService(AddressTypes.class)
  public static final class Http extends ProxyServing {
    public Http() {
      super(
          AddressDescriptor.named("PROXY-SERVER")
              .documented(
                  "serves clients of an HTTP proxy",
                  "Hears from each client, by the CONNECT method of HTTP, what to connect it with."
                      + GUARD,
                  "PROXY-SERVER:8080,fork,proxyauth=me:secret"),
          HTTP_SERVER);
    }

    @Override
    public CompletionStage<Listener> open(OpenContext context) {
      return ProxyServer.http(context);
    }
  }
}
