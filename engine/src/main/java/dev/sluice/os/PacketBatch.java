package dev.sluice.os;

/**
 * Memory for a batch of datagrams, as recvmmsg(2) and sendmmsg(2) want it: received into it from
 * one socket, sent from it to another. Not thread-safe.
 */
public final class PacketBatch {
  /** Layout of struct mmsghdr: a struct msghdr and the length. */
  private static final int HEADER_SIZE = 64;

  private static final int IOV_OFFSET = 16;
  private static final int IOV_COUNT_OFFSET = 24;
  private static final int LENGTH_OFFSET = 56;

  private static final int IOV_SIZE = 16;
  private static final int IOV_LENGTH_OFFSET = 8;

  private final int capacity;
  private final int packetSize;
  private final NativeBuffer headers;
  private final NativeBuffer vectors;
  private final NativeBuffer payload;

  /** Datagrams whose vectors hold their own length in place of the room there is. */
  private int received;

  /**
   * For up to {@code capacity} datagrams of up to {@code packetSize} bytes; longer ones are cut.
   */
  public PacketBatch(int capacity, int packetSize) {
    this.capacity = capacity;
    this.packetSize = packetSize;
    headers = NativeBuffer.allocate(capacity * HEADER_SIZE);
    vectors = NativeBuffer.allocate(capacity * IOV_SIZE);
    payload = NativeBuffer.allocate(capacity * packetSize);
    for (int i = 0; i < capacity; i++) {
      vectors.putLong(i * IOV_SIZE, payload.address() + (long) i * packetSize);
      headers.putLong(i * HEADER_SIZE + IOV_OFFSET, vectors.address() + (long) i * IOV_SIZE);
      headers.putLong(i * HEADER_SIZE + IOV_COUNT_OFFSET, 1);
      setLength(i, packetSize);
    }
  }

  public int capacity() {
    return capacity;
  }

  public int packetSize() {
    return packetSize;
  }

  /** Receives what is there; datagrams or {@code -errno}. */
  public int receive(int fd) {
    for (int i = 0; i < received; i++) {
      setLength(i, packetSize);
    }
    int n = LibC.recvmmsg(fd, headers.address(), capacity);
    for (int i = 0; i < n; i++) {
      setLength(i, headers.getInt(i * HEADER_SIZE + LENGTH_OFFSET));
    }
    received = Math.max(0, n);
    return n;
  }

  /** Sends datagrams {@code from} up to {@code to}; how many, or {@code -errno} of the first. */
  public int send(int fd, int from, int to) {
    return LibC.sendmmsg(fd, headers.address() + (long) from * HEADER_SIZE, to - from);
  }

  /** The length of one datagram in bytes. */
  public int length(int index) {
    return (int) vectors.getLong(index * IOV_SIZE + IOV_LENGTH_OFFSET);
  }

  private void setLength(int index, int length) {
    vectors.putLong(index * IOV_SIZE + IOV_LENGTH_OFFSET, length);
  }

  /** Where one datagram is. */
  public long address(int index) {
    return payload.address() + (long) index * packetSize;
  }
}
