package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.addresses.socket.StreamListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Waits for clients over TCP, SCTP or DCCP: {@code TCP-LISTEN} and its like. See tcp(7). */
final class StreamListen implements AddressType {
  private final StreamKind kind;
  private final AddressDescriptor descriptor;

  private StreamListen(StreamKind kind) {
    this.kind = kind;
    this.descriptor =
        AddressDescriptor.named(kind.keyword() + "-LISTEN")
            .aka(kind.listenAliases())
            .takes(Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, LISTEN, CHILD, RETRY, RANGE, ACCEPTING))
            .documented(
                "waits for a " + kind.protocolName() + " client",
                "Listens on a port and serves the first client, or, with fork, every client in a session of its own.",
                kind.keyword() + "-LISTEN:8080,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return StreamListener.onPort(
        context, context.parameter(0), kind.family(), kind.type(), kind.protocol());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new StreamListen(StreamKind.TCP_ANY),
          new StreamListen(StreamKind.TCP_4),
          new StreamListen(StreamKind.TCP_6),
          new StreamListen(StreamKind.SCTP_ANY),
          new StreamListen(StreamKind.SCTP_4),
          new StreamListen(StreamKind.SCTP_6),
          new StreamListen(StreamKind.DCCP_ANY),
          new StreamListen(StreamKind.DCCP_4),
          new StreamListen(StreamKind.DCCP_6));
    }
  }
}
