package dev.sluice.connector.web;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Opened;
import java.util.concurrent.CompletionStage;

/** Waits for WebSocket clients: {@code WS-LISTEN} and {@code WSS-LISTEN}. See RFC 6455. */
abstract class WsListen implements AddressType {
  private static final String ABOUT =
      " Without a path every path will do. Each message that comes is one block, and each block is sent as one message.";

  private final AddressDescriptor descriptor;

  private WsListen(AddressDescriptor descriptor) {
    this.descriptor =
        descriptor
            .takes(Parameter.required("port/path"))
            .keeps(Boundary.SEQPACKET)
            .brings(WebOptions.ofServers());
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  /** Over TCP. */
  @AutoService(AddressTypes.class)
  public static final class Plain extends WsListen {
    public Plain() {
      super(
          AddressDescriptor.named("WS-LISTEN")
              .aka("WS-L")
              .groups(
                  FD,
                  SOCKET,
                  LISTEN,
                  CHILD,
                  RETRY,
                  RANGE,
                  IP4,
                  IP6,
                  TCP,
                  ACCEPTING,
                  WebOptions.WS,
                  WebOptions.WS_SERVER)
              .documented(
                  "waits for a WebSocket client",
                  "Listens on a port and serves the first client, or, with fork, every client in a session of its own."
                      + ABOUT,
                  "WS-LISTEN:8080/chat,fork"));
    }

    @Override
    public CompletionStage<? extends Opened> open(OpenContext context) {
      return WebSocketListener.open(context, "TCP-LISTEN");
    }
  }

  /** Over TLS. */
  @AutoService(AddressTypes.class)
  public static final class Secure extends WsListen {
    public Secure() {
      super(
          AddressDescriptor.named("WSS-LISTEN")
              .aka("WSS-L")
              .groups(
                  FD,
                  SOCKET,
                  LISTEN,
                  CHILD,
                  RETRY,
                  RANGE,
                  IP4,
                  IP6,
                  TCP,
                  OPENSSL,
                  ACCEPTING,
                  WebOptions.WS,
                  WebOptions.WS_SERVER)
              .documented(
                  "waits for a WebSocket client over TLS",
                  "As WS-LISTEN, with all options of OPENSSL-LISTEN." + ABOUT,
                  "WSS-LISTEN:8443/chat,fork,cert=server.pem,verify=0"));
    }

    @Override
    public CompletionStage<? extends Opened> open(OpenContext context) {
      return WebSocketListener.open(context, "OPENSSL-LISTEN");
    }
  }
}
