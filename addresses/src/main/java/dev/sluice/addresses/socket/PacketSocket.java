package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.InterfaceOptions;
import dev.sluice.option.Options;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketAddressBytes;

/** Sockets for the frames of a network interface. See packet(7). */
public final class PacketSocket {
  private static final int SOL_PACKET = 263;
  private static final int PACKET_AUXDATA = 8;
  private static final int PACKET_IGNORE_OUTGOING = 23;

  private PacketSocket() {}

  /** A socket on the interface of that index. Blocks no longer than system calls do. */
  public static Endpoint on(OpenContext context, int index) {
    SocketAddressBytes address = SocketAddressBytes.ofInterface(index);
    PeerFilter everybody = PeerFilter.ofNetwork(context, SocketAddressBytes.AF_PACKET);
    return new DatagramSockets(
            context, LibC.SOCK_RAW, 0, (fd, remote) -> bind(fd, remote, context.options()))
        .datagrams(address, everybody);
  }

  private static void bind(Fd fd, SocketAddressBytes address, Options options) {
    switchOn(fd, PACKET_IGNORE_OUTGOING);
    if (options.has(InterfaceOptions.RETRIEVE_VLAN)) {
      switchOn(fd, PACKET_AUXDATA);
    }
    LibC.bind(fd.number(), address);
  }

  private static void switchOn(Fd fd, int option) {
    LibC.check(
        LibC.setsockopt(fd.number(), SOL_PACKET, option, new byte[] {1, 0, 0, 0}),
        "setsockopt(" + fd + ", " + SOL_PACKET + ", " + option + ", {1}, 4)");
  }
}
