package dev.sluice.connector.web;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.StreamChannel;
import java.util.concurrent.CompletionStage;

/** Connects to a WebSocket server: {@code WS} and {@code WSS}. See RFC 6455. */
abstract class WsConnect implements AddressType {
  private static final String ABOUT =
      " Each message that comes is one block, and each block is sent as one message. The end of data closes the connection.";

  private final AddressDescriptor descriptor;

  private WsConnect(AddressDescriptor descriptor) {
    this.descriptor =
        descriptor
            .takes(Parameter.required("host"), Parameter.optional("port/path"))
            .keeps(Boundary.SEQPACKET)
            .brings(WebOptions.ofClients());
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  /** Over TCP. */
  @AutoService(AddressTypes.class)
  public static final class Plain extends WsConnect {
    public Plain() {
      super(
          AddressDescriptor.named("WS")
              .aka("WS-CONNECT")
              .groups(
                  FD, SOCKET, RETRY, IP4, IP6, TCP, CONNECTING, WebOptions.WS, WebOptions.WS_CLIENT)
              .documented(
                  "connects to a WebSocket server",
                  "Connects over TCP and asks for the path." + ABOUT,
                  "WS:localhost:8080/chat"));
    }

    @Override
    public CompletionStage<StreamChannel> open(OpenContext context) {
      return WebSocketClient.open(context, "ws", "TCP-CONNECT", 80);
    }
  }

  /** Over TLS. */
  @AutoService(AddressTypes.class)
  public static final class Secure extends WsConnect {
    public Secure() {
      super(
          AddressDescriptor.named("WSS")
              .aka("WSS-CONNECT")
              .groups(
                  FD,
                  SOCKET,
                  RETRY,
                  IP4,
                  IP6,
                  TCP,
                  OPENSSL,
                  CONNECTING,
                  WebOptions.WS,
                  WebOptions.WS_CLIENT)
              .documented(
                  "connects to a WebSocket server over TLS",
                  "As WS, with all options of OPENSSL." + ABOUT,
                  "WSS:www.example/chat"));
    }

    @Override
    public CompletionStage<StreamChannel> open(OpenContext context) {
      return WebSocketClient.open(context, "wss", "OPENSSL", 443);
    }
  }
}
