package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.InterfaceSetup;
import dev.sluice.addresses.socket.PacketSocket;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.NetworkInterface;
import dev.sluice.os.NetworkInterfaces;
import java.util.concurrent.CompletionStage;

/**
 * Whole frames of a network interface, in both directions: {@code INTERFACE}. See packet(7).
 *
 * <p>Needs the privilege CAP_NET_RAW. The interface gets its flags back at the end.
 */
@AutoService(AddressTypes.class)
public final class InterfaceAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("INTERFACE")
          .aka("IF")
          .takes(Parameter.required("interface"))
          .groups(FD, SOCKET, INTERFACE)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "reads and writes the frames of a network interface",
              "Each block is a frame with its link-layer header; frames that this host sends are not read back.",
              "INTERFACE:eth0");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> openNow(context));
  }

  private static Endpoint openNow(OpenContext context) {
    String given = context.parameter(0);
    int index = NetworkInterfaces.index(given);
    String name = NetworkInterfaces.name(index);
    if (name.isEmpty()) {
      String there = "there are " + String.join(", ", NetworkInterfaces.names());
      throw OpenFailure.lasting("unknown interface \"" + given + "\"", () -> there);
    }
    NetworkInterface named = NetworkInterface.named(name);
    Endpoint endpoint;
    try {
      int before = named.flags();
      endpoint = PacketSocket.on(context, index);
      endpoint.onClose(() -> restore(named, before));
    } catch (RuntimeException e) {
      named.close();
      throw e;
    }
    try {
      InterfaceSetup.apply(named, context.options());
      return endpoint;
    } catch (RuntimeException e) {
      endpoint.close();
      throw e;
    }
  }

  private static void restore(NetworkInterface named, int flags) {
    try (named) {
      if (named.flags() != flags) {
        named.setFlags(flags);
      }
    }
  }
}
