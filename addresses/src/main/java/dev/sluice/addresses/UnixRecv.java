package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes all datagrams to a UNIX socket: {@code UNIX-RECV} at a path, {@code ABSTRACT-RECV} under an
 * abstract name. See unix(7).
 */
final class UnixRecv implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean isAbstract;

  private UnixRecv(AddressDescriptor descriptor, boolean isAbstract) {
    this.descriptor =
        descriptor
            .takes(Parameter.required("filename"))
            .keeps(Boundary.DATAGRAM)
            .goes(Direction.READ);
    this.isAbstract = isAbstract;
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(
        () -> ReceivingSocket.underName(context, context.parameter(0), isAbstract).receiver());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UnixRecv(
              AddressDescriptor.named("UNIX-RECV")
                  .groups(FD, SOCKET, NAMED, RETRY, UNIX)
                  .documented(
                      "takes all datagrams to a UNIX socket",
                      "Makes a datagram socket at a path, reads from anybody, and answers none.",
                      "UNIX-RECV:/run/app.sock"),
              false),
          new UnixRecv(
              AddressDescriptor.named("ABSTRACT-RECV")
                  .groups(FD, SOCKET, RETRY, UNIX)
                  .documented(
                      "takes all datagrams to an abstract UNIX socket",
                      "As UNIX-RECV, under a name that is not in the file system.",
                      "ABSTRACT-RECV:app"),
              true));
    }
  }
}
