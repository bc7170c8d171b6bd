package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamConnector;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Connects to a server over TCP, SCTP or DCCP: {@code TCP-CONNECT} and its like. See tcp(7). */
final class StreamConnect implements AddressType {
  private final StreamKind kind;
  private final AddressDescriptor descriptor;

  private StreamConnect(StreamKind kind) {
    this.kind = kind;
    this.descriptor =
        AddressDescriptor.named(kind.keyword() + "-CONNECT")
            .aka(kind.connectAliases())
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, kind.groupsWith(SOCKET, CHILD, RETRY, CONNECTING))
            .documented(
                "connects to a " + kind.protocolName() + " server",
                "Connects to a port of a host, both given by name or number, over "
                    + (kind.version().isEmpty() ? "IPv4 or IPv6." : "IPv" + kind.version() + "."),
                kind.keyword() + ":localhost:80");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new StreamConnector(context, kind.type(), kind.protocol())
        .connect(context.parameter(0), context.parameter(1), kind.family());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new StreamConnect(StreamKind.TCP_ANY),
          new StreamConnect(StreamKind.TCP_4),
          new StreamConnect(StreamKind.TCP_6),
          new StreamConnect(StreamKind.SCTP_ANY),
          new StreamConnect(StreamKind.SCTP_4),
          new StreamConnect(StreamKind.SCTP_6),
          new StreamConnect(StreamKind.DCCP_ANY),
          new StreamConnect(StreamKind.DCCP_4),
          new StreamConnect(StreamKind.DCCP_6));
    }
  }
}
