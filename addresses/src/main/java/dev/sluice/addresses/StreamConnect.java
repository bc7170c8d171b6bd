package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamConnector;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Connects to a server over TCP, SCTP or DCCP: {@code TCP-CONNECT} and its like. See tcp(7). */
abstract class StreamConnect implements AddressType {
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

  /** TCP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends StreamConnect {
    public Any() {
      super(StreamKind.TCP_ANY);
    }
  }

  /** TCP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends StreamConnect {
    public Ip4Only() {
      super(StreamKind.TCP_4);
    }
  }

  /** TCP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends StreamConnect {
    public Ip6Only() {
      super(StreamKind.TCP_6);
    }
  }

  /** SCTP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class SctpAny extends StreamConnect {
    public SctpAny() {
      super(StreamKind.SCTP_ANY);
    }
  }

  /** SCTP over IPv4. */
  @AutoService(AddressType.class)
  public static final class SctpIp4Only extends StreamConnect {
    public SctpIp4Only() {
      super(StreamKind.SCTP_4);
    }
  }

  /** SCTP over IPv6. */
  @AutoService(AddressType.class)
  public static final class SctpIp6Only extends StreamConnect {
    public SctpIp6Only() {
      super(StreamKind.SCTP_6);
    }
  }

  /** DCCP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class DccpAny extends StreamConnect {
    public DccpAny() {
      super(StreamKind.DCCP_ANY);
    }
  }

  /** DCCP over IPv4. */
  @AutoService(AddressType.class)
  public static final class DccpIp4Only extends StreamConnect {
    public DccpIp4Only() {
      super(StreamKind.DCCP_4);
    }
  }

  /** DCCP over IPv6. */
  @AutoService(AddressType.class)
  public static final class DccpIp6Only extends StreamConnect {
    public DccpIp6Only() {
      super(StreamKind.DCCP_6);
    }
  }
}
