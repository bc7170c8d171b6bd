package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.PacketListener;
import dev.sluice.addresses.socket.ReceivingSocket;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Listener;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Takes one datagram, or each, and answers its sender: {@code UNIX-RECVFROM} at a path, {@code
 * ABSTRACT-RECVFROM} under an abstract name. See unix(7).
 */
final class UnixRecvfrom implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean isAbstract;

  private UnixRecvfrom(AddressDescriptor descriptor, boolean isAbstract) {
    this.descriptor = descriptor.takes(Parameter.required("filename")).keeps(Boundary.DATAGRAM);
    this.isAbstract = isAbstract;
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(
        () ->
            PacketListener.byPacket(
                ReceivingSocket.underName(context, context.parameter(0), isAbstract)));
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UnixRecvfrom(
              AddressDescriptor.named("UNIX-RECVFROM")
                  .groups(FD, SOCKET, NAMED, CHILD, RETRY, UNIX)
                  .documented(
                      "takes one datagram of a UNIX socket and answers it",
                      "Reads one datagram, and sends what comes back to its sender, if that has a name; with fork for every datagram.",
                      "UNIX-RECVFROM:/run/app.sock,fork"),
              false),
          new UnixRecvfrom(
              AddressDescriptor.named("ABSTRACT-RECVFROM")
                  .groups(FD, SOCKET, CHILD, RETRY, UNIX)
                  .documented(
                      "takes one datagram of an abstract UNIX socket and answers it",
                      "As UNIX-RECVFROM, under a name that is not in the file system.",
                      "ABSTRACT-RECVFROM:app,fork"),
              true));
    }
  }
}
