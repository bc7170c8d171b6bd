package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.InterfaceSetup;
import dev.sluice.addresses.socket.NetworkRange;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.option.InterfaceOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NetworkInterface;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.TunDevice;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A new network interface whose packets are read and written here: {@code TUN}. Needs the privilege
 * CAP_NET_ADMIN; the interface goes away with the address. See the kernel's tuntap.rst.
 */
@AutoService(AddressTypes.class)
public final class TunAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("TUN")
          .takes(Parameter.optional("ip-addr>/<bits"))
          .withRangeInErrors()
          .groups(FD, CHR, OPEN, INTERFACE)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "makes a network interface and is its other end",
              "Each block is a packet, or with tun-type=tap an Ethernet frame, after four bytes of flags and protocol.",
              "TUN:192.168.255.1/24,up");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> openNow(context));
  }

  private static Endpoint openNow(OpenContext context) {
    Options options = context.options();
    NetworkRange network =
        context.address().spec().parameters().isEmpty()
            ? null
            : NetworkRange.ofIp4(context.parameter(0));
    int flags = flags(options);
    context.log().notice("creating tunnel network interface");
    Fd device =
        FileCalls.open(
            options.get(InterfaceOptions.TUN_DEVICE, "/dev/net/tun"),
            OptionApplier.openFlags(options, OpenFlags.RDWR),
            0666);
    try {
      OptionApplier.apply(Phase.PASTOPEN, device, options, context.log());
      String name = TunDevice.attach(device, options.get(InterfaceOptions.TUN_NAME, ""), flags);
      context.log().notice("TUN: new device \"%s\"", name);
      OptionApplier.apply(Phase.FD, device, options, context.log());
      setUp(name, network, options);
      OptionApplier.apply(Phase.LATE, device, options, context.log());
      return endpoint(device, context.direction());
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  private static int flags(Options options) {
    String type = options.get(InterfaceOptions.TUN_TYPE, "tun");
    int flags =
        switch (type) {
          case "tun" -> TunDevice.TUN;
          case "tap" -> TunDevice.TAP;
          default -> throw OpenFailure.lasting("unknown tun-type \"" + type + "\"");
        };
    return options.isOn(InterfaceOptions.IFF_NO_PI)
        ? flags | TunDevice.NO_PACKET_INFORMATION
        : flags;
  }

  private static void setUp(String name, @Nullable NetworkRange network, Options options) {
    try (NetworkInterface made = NetworkInterface.named(name)) {
      if (network != null) {
        made.setAddress(network.socketAddress());
        made.setNetmask(network.socketMask());
      }
      InterfaceSetup.apply(made, options);
    }
  }

  /** Reads and writes packet by packet. */
  private static Endpoint endpoint(Fd device, Direction direction) {
    FdReader reader = new Packets(device);
    FdWriter writer = FdWriter.of(device);
    Endpoint endpoint = Endpoint.of(reader, writer, direction);
    return endpoint.pollable().boundary(Boundary.DATAGRAM);
  }

  private record Packets(Fd fd) implements FdReader {
    @Override
    public int read(long buffer, int length) {
      return LibC.read(fd.number(), buffer, length);
    }
  }
}
