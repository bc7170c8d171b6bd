package dev.sluice.testkit;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;

/** A datagram socket as the other end. Its end of data is an empty datagram. */
public final class DatagramPeer implements Peer {
  private final Fd socket;
  private final DescriptorPeer bytes;

  private DatagramPeer(Fd socket) {
    this.socket = socket;
    this.bytes = new DescriptorPeer(socket);
  }

  /**
   * A peer at an address, port 0 for any, that is yet to be connected.
   *
   * @param protocol number: 17 for UDP
   */
  public static DatagramPeer on(SocketAddressBytes address, int protocol) {
    Fd socket = SocketCalls.socket(address.family(), SocketCalls.SOCK_DGRAM, protocol);
    SocketCalls.bind(socket.number(), address);
    return new DatagramPeer(socket);
  }

  /** As {@link #on}, of packets of an IP protocol. Needs the privilege CAP_NET_RAW. */
  public static DatagramPeer raw(SocketAddressBytes address, int protocol) {
    Fd socket = SocketCalls.socket(address.family(), SocketCalls.SOCK_RAW, protocol);
    SocketCalls.bind(socket.number(), address);
    return new DatagramPeer(socket);
  }

  /** Speaks to that address from now on, and hears from no other. */
  public DatagramPeer connect(SocketAddressBytes address) {
    LibC.check(SocketCalls.connect(socket.number(), address), "connect(" + address + ")");
    return this;
  }

  /** Where it is. */
  public SocketAddressBytes address() {
    return SocketCalls.getsockname(socket.number());
  }

  @Override
  public void send(byte[] datagram) {
    bytes.send(datagram);
  }

  @Override
  public byte[] receive(int count) {
    return bytes.receive(count);
  }

  @Override
  public void receiveEnd() {
    bytes.receiveEnd();
  }

  @Override
  public void endOutput() {
    LibC.check(
        LibC.write(socket.number(), NativeBuffer.allocate(1), 0, 0), "write(" + socket + ")");
  }

  @Override
  public void close() {
    bytes.close();
  }
}
