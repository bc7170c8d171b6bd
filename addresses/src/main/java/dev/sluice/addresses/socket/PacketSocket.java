package dev.sluice.addresses.socket;

import static dev.sluice.os.SocketConstants.SOL_PACKET;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.InterfaceOptions;
import dev.sluice.option.Options;
import dev.sluice.os.AncillaryMessage;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.nio.ByteBuffer;
import java.util.List;

/** Sockets for the frames of a network interface. See packet(7). */
public final class PacketSocket {
  private static final int PACKET_AUXDATA = 8;
  private static final int PACKET_IGNORE_OUTGOING = 23;

  // struct tpacket_auxdata, and where a tag belongs in an Ethernet frame
  private static final int TAG_VALID = 0x10;
  private static final int PROTOCOL_VALID = 0x40;
  private static final int TAG_AT = 16;
  private static final int TAG_OFFSET = 12;
  private static final int TAG_SIZE = 4;
  private static final int ETHERTYPE_VLAN = 0x8100;

  private PacketSocket() {}

  /** A socket on the interface of that index. Blocks no longer than system calls do. */
  public static Endpoint on(OpenContext context, int index) {
    SocketAddressBytes address = SocketAddressBytes.ofInterface(index);
    PeerFilter everybody = PeerFilter.ofNetwork(context, SocketAddressBytes.AF_PACKET);
    return new DatagramSockets(
            context, SocketCalls.SOCK_RAW, 0, (fd, remote) -> bind(fd, remote, context.options()))
        .datagrams(address, everybody);
  }

  private static void bind(Fd fd, SocketAddressBytes address, Options options) {
    switchOn(fd, PACKET_IGNORE_OUTGOING);
    if (options.has(InterfaceOptions.RETRIEVE_VLAN)) {
      switchOn(fd, PACKET_AUXDATA);
    }
    SocketCalls.bind(fd.number(), address);
  }

  private static void switchOn(Fd fd, int option) {
    LibC.check(
        SocketCalls.setsockopt(fd.number(), SOL_PACKET, option, new byte[] {1, 0, 0, 0}),
        "setsockopt(" + fd + ", " + SOL_PACKET + ", " + option + ", {1}, 4)");
  }

  /**
   * Puts the VLAN tag back into a frame that the kernel took it out of, if it told of one; the
   * frame's length.
   *
   * @param capacity bytes that the buffer can hold
   */
  static int withTag(List<AncillaryMessage> told, long frame, int length, int capacity) {
    for (AncillaryMessage message : told) {
      boolean isTag =
          message.level() == SOL_PACKET
              && message.type() == PACKET_AUXDATA
              && (message.intAt(0) & TAG_VALID) != 0;
      if (isTag && length >= TAG_OFFSET && length + TAG_SIZE <= capacity) {
        NativeBuffer.move(frame + TAG_OFFSET, frame + TAG_OFFSET + TAG_SIZE, length - TAG_OFFSET);
        int tag = message.intAt(TAG_AT) & 0xffff;
        int protocol =
            (message.intAt(0) & PROTOCOL_VALID) != 0
                ? message.intAt(TAG_AT) >>> 16
                : ETHERTYPE_VLAN;
        byte[] bytes = ByteBuffer.allocate(TAG_SIZE).putInt(protocol << 16 | tag).array();
        NativeBuffer.put(frame + TAG_OFFSET, bytes, 0, TAG_SIZE);
        return length + TAG_SIZE;
      }
    }
    return length;
  }
}
