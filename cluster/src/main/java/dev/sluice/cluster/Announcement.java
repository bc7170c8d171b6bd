package dev.sluice.cluster;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;

/**
 * Tells the hosts of a network where an address is now: a gratuitous ARP (RFC 5227, 3) or an
 * unsolicited neighbour advertisement (RFC 4861, 7.2.6) by a packet socket. See packet(7); needs
 * CAP_NET_RAW.
 */
final class Announcement {
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int ICMPV6 = 58;

  private Announcement() {}

  /** Sends it once. */
  static void send(NetworkInterface device, InetAddress address) throws IOException {
    byte[] hardware = device.getHardwareAddress();
    if (hardware == null || hardware.length != 6) {
      return; // nobody to tell, such as on loopback
    }
    byte[] ip = address.getAddress();
    byte[] frame = ip.length == 4 ? arp(hardware, ip) : advertisement(hardware, ip);
    try {
      Fd socket =
          SocketCalls.socket(
              SocketAddressBytes.AF_PACKET, SocketCalls.SOCK_RAW | SocketCalls.SOCK_CLOEXEC, 0);
      try {
        SocketCalls.bind(socket.number(), SocketAddressBytes.ofInterface(device.getIndex()));
        LibC.check(
            LibC.write(socket.number(), NativeBuffer.of(frame), 0, frame.length),
            "write of a frame");
      } finally {
        socket.close();
      }
    } catch (NativeError e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A request for the address by its owner, to all. */
  static byte[] arp(byte[] hardware, byte[] ip) {
    ByteBuffer frame = ByteBuffer.allocate(42);
    ethernet(frame, new byte[] {-1, -1, -1, -1, -1, -1}, hardware, ETHERTYPE_ARP);
    frame.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
    frame.putShort((short) 1).put(hardware).put(ip).put(new byte[6]).put(ip);
    return frame.array();
  }

  /** A neighbour advertisement with the override flag, to all nodes. */
  static byte[] advertisement(byte[] hardware, byte[] ip) {
    byte[] all = new byte[16];
    all[0] = (byte) 0xff;
    all[1] = 2;
    all[15] = 1;
    ByteBuffer message = ByteBuffer.allocate(32);
    message.put((byte) 136).put((byte) 0).putShort((short) 0).putInt(0x2000_0000).put(ip);
    message.put((byte) 2).put((byte) 1).put(hardware);
    message.putShort(2, checksum(ip, all, message.array()));
    ByteBuffer frame = ByteBuffer.allocate(14 + 40 + 32);
    ethernet(frame, new byte[] {0x33, 0x33, 0, 0, 0, 1}, hardware, ETHERTYPE_IPV6);
    frame.putInt(0x6000_0000).putShort((short) 32).put((byte) ICMPV6).put((byte) 255);
    frame.put(ip).put(all).put(message.array());
    return frame.array();
  }

  private static void ethernet(ByteBuffer frame, byte[] to, byte[] from, int type) {
    frame.put(to).put(from).putShort((short) type);
  }

  /** The Internet checksum over the pseudo-header and the message (RFC 8200, 8.1). */
  private static short checksum(byte[] from, byte[] to, byte[] message) {
    ByteBuffer all = ByteBuffer.allocate(40 + message.length);
    all.put(from).put(to).putInt(message.length).putInt(ICMPV6).put(message).flip();
    int sum = 0;
    while (all.hasRemaining()) {
      sum += all.getShort() & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~sum;
  }
}
