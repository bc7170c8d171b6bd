package dev.sluice.os;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for the address that a datagram came from or goes to, and for what the kernel tells beside
 * it, as recvmsg(2) and sendto(2) want it. Not thread-safe.
 */
public final class PacketAddress {

  // the address, its length, struct msghdr, struct iovec, control messages
  private static final int LENGTH = SocketAddressBytes.CAPACITY;
  private static final int HEADER = LENGTH + 8;
  private static final int NAME_LENGTH = HEADER + 8;
  private static final int CONTROL_LENGTH = HEADER + 40;
  private static final int VECTOR = HEADER + 56;
  private static final int CONTROL = VECTOR + 16;
  private static final int CONTROL_CAPACITY = 1024;

  private final NativeBuffer memory = NativeBuffer.allocate(CONTROL + CONTROL_CAPACITY);

  /** Holds nothing yet. */
  public PacketAddress() {}

  /** Holds {@code address}. */
  public PacketAddress(SocketAddressBytes address) {
    memory.bytes().put(0, address.bytes());
    memory.putInt(LENGTH, address.length());
  }

  /** As {@link #receive(int, long, int, int)}, with room for as much as the buffer holds. */
  public int receive(int fd, NativeBuffer packet, int flags) {
    int n = receive(fd, packet.address(), packet.capacity(), flags);
    Reference.reachabilityFence(packet);
    return n;
  }

  /** recvmsg(2) that remembers the sender; bytes received or {@code -errno}. */
  public int receive(int fd, long buffer, int length, int flags) {
    memory.putLong(HEADER, memory.address());
    memory.putInt(NAME_LENGTH, SocketAddressBytes.CAPACITY);
    memory.putLong(HEADER + 16, memory.address() + VECTOR).putLong(HEADER + 24, 1);
    memory.putLong(HEADER + 32, memory.address() + CONTROL);
    memory.putLong(CONTROL_LENGTH, CONTROL_CAPACITY);
    memory.putLong(VECTOR, buffer).putLong(VECTOR + 8, length);
    int n = SocketCalls.recvmsg(fd, memory, HEADER, flags);
    memory.putInt(LENGTH, n < 0 ? 0 : memory.getInt(NAME_LENGTH));
    return n;
  }

  /** What the kernel told beside the datagram received last, as options asked for. */
  public List<AncillaryMessage> ancillary() {
    long end = memory.getLong(CONTROL_LENGTH);
    if (end == 0) {
      return List.of();
    }
    List<AncillaryMessage> all = new ArrayList<>();
    int at = 0;
    while (at + AncillaryMessage.HEADER_SIZE <= end) {
      int size = (int) memory.getLong(CONTROL + at);
      if (size < AncillaryMessage.HEADER_SIZE) {
        break;
      }
      all.add(
          new AncillaryMessage(
              memory.getInt(CONTROL + at + 8),
              memory.getInt(CONTROL + at + 12),
              memory.toArray(
                  CONTROL + at + AncillaryMessage.HEADER_SIZE,
                  size - AncillaryMessage.HEADER_SIZE)));
      at += (size + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }
    return all;
  }

  /** sendto(2) to the address held; bytes sent or {@code -errno}. */
  public int send(int fd, long buffer, int length) {
    return SocketCalls.sendto(fd, buffer, length, memory, memory.getInt(LENGTH));
  }

  /** sendto(2) to the address held; bytes sent or {@code -errno}. */
  public int send(int fd, byte[] packet) {
    NativeBuffer content = NativeBuffer.of(packet);
    int n = send(fd, content.address(), packet.length);
    Reference.reachabilityFence(content);
    return n;
  }

  /** The address held. */
  public SocketAddressBytes get() {
    return SocketAddressBytes.read(memory, memory.getInt(LENGTH));
  }
}
