package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.StreamListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Listener;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Waits for clients of a UNIX socket: {@code UNIX-LISTEN} at a path, {@code ABSTRACT-LISTEN} under
 * an abstract name. See unix(7).
 */
final class UnixListen implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean isAbstract;

  private UnixListen(AddressDescriptor descriptor, boolean isAbstract) {
    this.descriptor = descriptor.takes(Parameter.required("filename"));
    this.isAbstract = isAbstract;
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return StreamListener.onUnixName(context, context.parameter(0), isAbstract);
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(
          new UnixListen(
              AddressDescriptor.named("UNIX-LISTEN")
                  .aka("UNIX-L")
                  .groups(FD, SOCKET, NAMED, LISTEN, CHILD, RETRY, UNIX, ACCEPTING)
                  .documented(
                      "waits for a client of a UNIX socket",
                      "Makes a socket at a path and serves the first client, or, with fork, every client.",
                      "UNIX-LISTEN:/run/app.sock,fork"),
              false),
          new UnixListen(
              AddressDescriptor.named("ABSTRACT-LISTEN")
                  .groups(FD, SOCKET, LISTEN, CHILD, RETRY, UNIX, ACCEPTING)
                  .documented(
                      "waits for a client of an abstract UNIX socket",
                      "Makes a socket whose name is not in the file system, and serves its clients.",
                      "ABSTRACT-LISTEN:app,fork"),
              true));
    }
  }
}
