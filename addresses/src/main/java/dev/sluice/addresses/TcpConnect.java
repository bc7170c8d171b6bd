package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamConnector;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketAddressBytes;
import java.util.concurrent.CompletionStage;

/**
 * Connects to a TCP server: {@code TCP-CONNECT}, {@code TCP4-CONNECT}, {@code TCP6-CONNECT}. See
 * tcp(7).
 */
abstract class TcpConnect implements AddressType {
  private static final int IPPROTO_TCP = 6;

  private final int family;
  private final AddressDescriptor descriptor;

  private TcpConnect(String version, int family, OptionGroup... groups) {
    this.family = family;
    String name = "TCP" + version;
    this.descriptor =
        AddressDescriptor.named(name + "-CONNECT")
            .aka(name, "INET" + version)
            .takes(Parameter.required("host"), Parameter.required("port"))
            .groups(FD, groups)
            .documented(
                "connects to a TCP server",
                "Connects to a port of a host, both given by name or number, over "
                    + (version.isEmpty() ? "IPv4 or IPv6." : "IPv" + version + "."),
                name + ":localhost:80");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return new StreamConnector(context, LibC.SOCK_STREAM, IPPROTO_TCP)
        .connect(context.parameter(0), context.parameter(1), family);
  }

  /** Over either version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends TcpConnect {
    public Any() {
      super("", 0, SOCKET, CHILD, RETRY, IP4, IP6, TCP);
    }
  }

  /** Over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends TcpConnect {
    public Ip4Only() {
      super("4", SocketAddressBytes.AF_INET, SOCKET, CHILD, RETRY, IP4, TCP);
    }
  }

  /** Over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends TcpConnect {
    public Ip6Only() {
      super("6", SocketAddressBytes.AF_INET6, SOCKET, CHILD, RETRY, IP6, TCP);
    }
  }
}
