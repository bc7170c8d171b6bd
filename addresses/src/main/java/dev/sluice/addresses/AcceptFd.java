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
import dev.sluice.os.Fd;
import dev.sluice.os.InheritedDescriptors;
import java.util.concurrent.CompletionStage;

/**
 * Takes connections off a listening socket that was inherited, as systemd hands it over: {@code
 * ACCEPT-FD}. See systemd.socket(5).
 */
@AutoService(AddressTypes.class)
public final class AcceptFd implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("ACCEPT-FD")
          .aka("ACCEPT")
          .takes(Parameter.required("fdnum"))
          .groups(
              FD, SOCKET, CHILD, RETRY, RANGE, UNIX, IP4, IP6, UDP, TCP, SCTP, DCCP, UDPLITE,
              ACCEPTING)
          .documented(
              "takes connections off an inherited socket",
              "Serves the first client of a socket that listens already, or, with fork, every client.",
              "ACCEPT-FD:3,fork");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(
        () -> {
          Fd fd = InheritedDescriptor.find(context);
          context
              .log()
              .notice(
                  "using file descriptor %s accepting a connection for %s",
                  fd, context.direction().words());
          return StreamListener.onDescriptor(context, InheritedDescriptors.forOwner(fd));
        });
  }
}
