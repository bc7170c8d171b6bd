package dev.sluice.os;

/**
 * Memory for the address that a datagram came from or goes to, as recvfrom(2) and sendto(2) want
 * it. Not thread-safe.
 */
public final class PacketAddress {
  public static final int MSG_PEEK = 2;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_TRUNC = 0x20;

  private final NativeBuffer memory = NativeBuffer.allocate(SocketAddressBytes.CAPACITY + 4);

  /** Holds nothing yet. */
  public PacketAddress() {}

  /** Holds {@code address}. */
  public PacketAddress(SocketAddressBytes address) {
    memory.bytes().put(0, address.bytes());
    memory.putInt(SocketAddressBytes.CAPACITY, address.length());
  }

  /** recvfrom(2) that remembers the sender; bytes received or {@code -errno}. */
  public int receive(int fd, long buffer, int length, int flags) {
    memory.putInt(SocketAddressBytes.CAPACITY, SocketAddressBytes.CAPACITY);
    return LibC.recvfrom(
        fd,
        buffer,
        length,
        flags,
        memory.address(),
        memory.address() + SocketAddressBytes.CAPACITY);
  }

  /** sendto(2) to the address held; bytes sent or {@code -errno}. */
  public int send(int fd, long buffer, int length) {
    return LibC.sendto(
        fd, buffer, length, 0, memory.address(), memory.getInt(SocketAddressBytes.CAPACITY));
  }

  /** The address held. */
  public SocketAddressBytes get() {
    return SocketAddressBytes.read(memory, memory.getInt(SocketAddressBytes.CAPACITY));
  }
}
