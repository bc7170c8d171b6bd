package dev.sluice.connector.web;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import java.util.concurrent.CompletionStage;

/** A request over HTTP: {@code HTTP}, {@code HTTPS} and {@code SSE}. See RFC 9110. */
abstract class HttpAddress implements AddressType {
  private static final String ABOUT =
      "What the other side writes is the request's body, and the body of the answer goes to the other side.";

  private final AddressDescriptor descriptor;

  private HttpAddress(AddressDescriptor descriptor) {
    this.descriptor =
        descriptor
            .takes(Parameter.required("host"), Parameter.optional("port/path"))
            .brings(HttpOptions.ROWS);
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  /** Over TCP. */
  @AutoService(AddressTypes.class)
  public static final class Plain extends HttpAddress {
    public Plain() {
      super(
          AddressDescriptor.named("HTTP")
              .groups(FD, SOCKET, RETRY, IP4, IP6, TCP, CONNECTING, HttpOptions.REQUEST)
              .documented("makes an HTTP request", ABOUT, "HTTP:localhost:8080/upload,method=PUT"));
    }

    @Override
    public CompletionStage<StreamChannel> open(OpenContext context) {
      return HttpExchange.open(context, "http", "TCP-CONNECT", 80, false);
    }
  }

  /** Over TLS. */
  @AutoService(AddressTypes.class)
  public static final class Secure extends HttpAddress {
    public Secure() {
      super(
          AddressDescriptor.named("HTTPS")
              .groups(FD, SOCKET, RETRY, IP4, IP6, TCP, OPENSSL, CONNECTING, HttpOptions.REQUEST)
              .documented(
                  "makes an HTTP request over TLS",
                  ABOUT + " All options of OPENSSL are for the connection.",
                  "HTTPS:www.example/index.html,fail"));
    }

    @Override
    public CompletionStage<StreamChannel> open(OpenContext context) {
      return HttpExchange.open(context, "https", "OPENSSL", 443, false);
    }
  }

  /** A stream of events over TCP. */
  @AutoService(AddressTypes.class)
  public static final class Events extends HttpAddress {
    public Events() {
      super(
          AddressDescriptor.named("SSE")
              .goes(Direction.READ)
              .groups(FD, SOCKET, RETRY, IP4, IP6, TCP, CONNECTING, HttpOptions.REQUEST)
              .documented(
                  "reads server-sent events",
                  "The data of each event are one line, or one block where the other side keeps boundaries. Over TLS: HTTPS with option events.",
                  "SSE:localhost:8080/events"));
    }

    @Override
    public CompletionStage<StreamChannel> open(OpenContext context) {
      return HttpExchange.open(context, "http", "TCP-CONNECT", 80, true);
    }
  }
}
