package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.addresses.socket.StreamListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CompletionStage;

/** Waits for clients over TCP, SCTP or DCCP: {@code TCP-LISTEN} and its like. See tcp(7). */
abstract class StreamListen implements AddressType {
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

  /** TCP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends StreamListen {
    public Any() {
      super(StreamKind.TCP_ANY);
    }
  }

  /** TCP over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends StreamListen {
    public Ip4Only() {
      super(StreamKind.TCP_4);
    }
  }

  /** TCP over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends StreamListen {
    public Ip6Only() {
      super(StreamKind.TCP_6);
    }
  }

  /** SCTP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class SctpAny extends StreamListen {
    public SctpAny() {
      super(StreamKind.SCTP_ANY);
    }
  }

  /** SCTP over IPv4. */
  @AutoService(AddressType.class)
  public static final class SctpIp4Only extends StreamListen {
    public SctpIp4Only() {
      super(StreamKind.SCTP_4);
    }
  }

  /** SCTP over IPv6. */
  @AutoService(AddressType.class)
  public static final class SctpIp6Only extends StreamListen {
    public SctpIp6Only() {
      super(StreamKind.SCTP_6);
    }
  }

  /** DCCP over either version of IP. */
  @AutoService(AddressType.class)
  public static final class DccpAny extends StreamListen {
    public DccpAny() {
      super(StreamKind.DCCP_ANY);
    }
  }

  /** DCCP over IPv4. */
  @AutoService(AddressType.class)
  public static final class DccpIp4Only extends StreamListen {
    public DccpIp4Only() {
      super(StreamKind.DCCP_4);
    }
  }

  /** DCCP over IPv6. */
  @AutoService(AddressType.class)
  public static final class DccpIp6Only extends StreamListen {
    public DccpIp6Only() {
      super(StreamKind.DCCP_6);
    }
  }
}
