package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.UnixConnector;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Connects to a UNIX socket: {@code UNIX-CONNECT} and {@code ABSTRACT-CONNECT} to one of a known
 * type, {@code UNIX-CLIENT} and {@code ABSTRACT-CLIENT} to one of any type. See unix(7).
 */
final class UnixConnect implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean isAbstract;
  private final boolean anyType;

  private UnixConnect(AddressDescriptor descriptor, boolean isAbstract, boolean anyType) {
    this.descriptor = descriptor.takes(Parameter.required("filename"));
    this.isAbstract = isAbstract;
    this.anyType = anyType;
    if (isAbstract) {
      descriptor.groups(FD, SOCKET, RETRY, UNIX, CONNECTING);
    } else {
      descriptor.groups(FD, SOCKET, NAMED, RETRY, UNIX, CONNECTING);
    }
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    UnixConnector connector = new UnixConnector(context, isAbstract);
    String name = context.parameter(0);
    return anyType ? connector.connectAnyType(name) : connector.connect(name);
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UnixConnect(
              AddressDescriptor.named("UNIX-CONNECT")
                  .aka("LOCAL")
                  .documented(
                      "connects to a UNIX socket",
                      "Connects to the stream socket at a path.",
                      "UNIX-CONNECT:/run/app.sock"),
              false,
              false),
          new UnixConnect(
              AddressDescriptor.named("UNIX-CLIENT")
                  .aka("UNIX")
                  .documented(
                      "connects to a UNIX socket of any type",
                      "Tries a stream socket, then seqpacket, then datagram, until the type fits.",
                      "UNIX-CLIENT:/run/app.sock"),
              false,
              true),
          new UnixConnect(
              AddressDescriptor.named("ABSTRACT-CONNECT")
                  .documented(
                      "connects to an abstract UNIX socket",
                      "Connects to the stream socket with a name that is not in the file system.",
                      "ABSTRACT-CONNECT:app"),
              true,
              false),
          new UnixConnect(
              AddressDescriptor.named("ABSTRACT-CLIENT")
                  .aka("ABSTRACT")
                  .documented(
                      "connects to an abstract UNIX socket of any type",
                      "Tries a stream socket, then seqpacket, then datagram, until the type fits.",
                      "ABSTRACT-CLIENT:app"),
              true,
              true));
    }
  }
}
