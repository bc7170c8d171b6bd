package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketAddressBytes;
import java.util.concurrent.CompletionStage;

/**
 * Waits for TCP clients: {@code TCP-LISTEN}, {@code TCP4-LISTEN}, {@code TCP6-LISTEN}. See tcp(7).
 */
abstract class TcpListen implements AddressType {
  private static final int IPPROTO_TCP = 6;

  private final int family;
  private final AddressDescriptor descriptor;

  private TcpListen(String version, int family, OptionGroup... groups) {
    this.family = family;
    String name = "TCP" + version;
    this.descriptor =
        AddressDescriptor.named(name + "-LISTEN")
            .aka(name + "-L", "INET" + version + "-LISTEN", "INET" + version + "-L")
            .takes(Parameter.required("port"))
            .groups(FD, groups)
            .documented(
                "waits for a TCP client",
                "Listens on a port and serves the first client, or, with fork, every client in a session of its own.",
                name + "-LISTEN:8080,fork");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return StreamListener.onPort(
        context, context.parameter(0), family, LibC.SOCK_STREAM, IPPROTO_TCP);
  }

  /** On the default version of IP. */
  @AutoService(AddressType.class)
  public static final class Any extends TcpListen {
    public Any() {
      super("", 0, SOCKET, LISTEN, CHILD, RETRY, RANGE, IP4, IP6, TCP);
    }
  }

  /** Over IPv4. */
  @AutoService(AddressType.class)
  public static final class Ip4Only extends TcpListen {
    public Ip4Only() {
      super("4", SocketAddressBytes.AF_INET, SOCKET, LISTEN, CHILD, RETRY, RANGE, IP4, TCP);
    }
  }

  /** Over IPv6. */
  @AutoService(AddressType.class)
  public static final class Ip6Only extends TcpListen {
    public Ip6Only() {
      super("6", SocketAddressBytes.AF_INET6, SOCKET, LISTEN, CHILD, RETRY, RANGE, IP6, TCP);
    }
  }
}
