package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.UnixDatagrams;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Sends datagrams to a UNIX socket and hears only from it: {@code UNIX-SENDTO} by a path, {@code
 * ABSTRACT-SENDTO} by an abstract name. See unix(7).
 */
final class UnixSendto implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean isAbstract;

  private UnixSendto(AddressDescriptor descriptor, boolean isAbstract) {
    this.descriptor = descriptor.takes(Parameter.required("filename")).keeps(Boundary.DATAGRAM);
    this.isAbstract = isAbstract;
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.waitingFor(
        () -> UnixDatagrams.sendingTo(context, context.parameter(0), isAbstract));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UnixSendto(
              AddressDescriptor.named("UNIX-SENDTO")
                  .aka("UNIX-SEND")
                  .groups(FD, SOCKET, NAMED, RETRY, UNIX)
                  .documented(
                      "sends datagrams to a UNIX socket",
                      "Sends each block as a datagram; answers come when option bind gives this end a name.",
                      "UNIX-SENDTO:/dev/log"),
              false),
          new UnixSendto(
              AddressDescriptor.named("ABSTRACT-SENDTO")
                  .groups(FD, SOCKET, RETRY, UNIX)
                  .documented(
                      "sends datagrams to an abstract UNIX socket",
                      "Sends each block as a datagram to a name that is not in the file system.",
                      "ABSTRACT-SENDTO:app,bind=me"),
              true));
    }
  }
}
