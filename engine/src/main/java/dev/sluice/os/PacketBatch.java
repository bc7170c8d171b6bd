package dev.sluice.os;

import static dev.sluice.os.SocketConstants.IPPROTO_UDP;
import static dev.sluice.os.SocketConstants.SOL_SOCKET;
import static dev.sluice.os.SocketConstants.SO_PROTOCOL;

/**
 * Memory for a batch of datagrams, as recvmmsg(2) and sendmmsg(2) want it: received into it from
 * one socket, sent from it to another. Not thread-safe.
 */
public final class PacketBatch {
  /** Layout of struct mmsghdr: a struct msghdr and the length. */
  private static final int HEADER_SIZE = 64;

  private static final int IOV_OFFSET = 16;
  private static final int IOV_COUNT_OFFSET = 24;
  private static final int CONTROL_OFFSET = 32;
  private static final int CONTROL_LENGTH_OFFSET = 40;
  private static final int LENGTH_OFFSET = 56;

  /** Layout of the control message UDP_SEGMENT: a struct cmsghdr and a short. See udp(7). */
  private static final int CMSG_LENGTH = 18;

  private static final int CMSG_SPACE = 24;
  private static final int CMSG_LEVEL_OFFSET = 8;
  private static final int CMSG_TYPE_OFFSET = 12;
  private static final int CMSG_DATA_OFFSET = 16;
  private static final int UDP_SEGMENT = 103;

  /** What the kernel takes as one: segments, and bytes of them all. */
  private static final int MOST_SEGMENTS = 64;

  private static final int MOST_BYTES = 65_000;

  private static final int IOV_SIZE = 16;
  private static final int IOV_LENGTH_OFFSET = 8;

  private final int capacity;
  private final int packetSize;
  private final NativeBuffer headers;
  private final NativeBuffer vectors;
  private final NativeBuffer payload;
  private final NativeBuffer train = NativeBuffer.allocate(HEADER_SIZE + CMSG_SPACE);

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
    payload = NativeBuffer.allocate(Math.multiplyExact(capacity, packetSize));
    for (int i = 0; i < capacity; i++) {
      vectors.putLong(i * IOV_SIZE, payload.address() + (long) i * packetSize);
      headers.putLong(i * HEADER_SIZE + IOV_OFFSET, vectors.address() + (long) i * IOV_SIZE);
      headers.putLong(i * HEADER_SIZE + IOV_COUNT_OFFSET, 1);
      setLength(i, packetSize);
    }
    long control = train.address() + HEADER_SIZE;
    train.putLong(CONTROL_OFFSET, control).putLong(CONTROL_LENGTH_OFFSET, CMSG_SPACE);
    train.putLong(HEADER_SIZE, CMSG_LENGTH);
    train.putInt(HEADER_SIZE + CMSG_LEVEL_OFFSET, IPPROTO_UDP);
    train.putInt(HEADER_SIZE + CMSG_TYPE_OFFSET, UDP_SEGMENT);
  }

  /** Whether the kernel would cut what is sent to that socket into datagrams: UDP, Linux 4.18. */
  public static boolean canSendTrains(int fd) {
    try {
      byte[] protocol = SocketCalls.getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, Integer.BYTES);
      return protocol[0] == IPPROTO_UDP
          && SocketCalls.getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, Integer.BYTES).length
              == Integer.BYTES;
    } catch (NativeError e) {
      return false;
    }
  }

  /**
   * How many datagrams {@code from} up to {@code to} can go as a train: all of one length, but for
   * the last, which may be shorter.
   */
  public int train(int from, int to) {
    int length = length(from);
    int most = Math.min(to, from + Math.min(MOST_SEGMENTS, MOST_BYTES / Math.max(1, length)));
    int end = from + 1;
    while (end < most && length(end) == length) {
      end++;
    }
    if (end < most && length(end) < length) {
      end++;
    }
    return end - from;
  }

  /**
   * Sends {@code count} datagrams from {@code from} on, a {@link #train}, as one payload that the
   * kernel cuts again; bytes or {@code -errno}.
   */
  public int sendTrain(int fd, int from, int count) {
    train.putLong(IOV_OFFSET, vectors.address() + (long) from * IOV_SIZE);
    train.putLong(IOV_COUNT_OFFSET, count);
    train.putShort(HEADER_SIZE + CMSG_DATA_OFFSET, length(from));
    return SocketCalls.sendmsg(fd, train);
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
    int n = SocketCalls.recvmmsg(fd, headers, capacity);
    for (int i = 0; i < n; i++) {
      setLength(i, headers.getInt(i * HEADER_SIZE + LENGTH_OFFSET));
    }
    received = Math.max(0, n);
    return n;
  }

  /** Sends datagrams {@code from} up to {@code to}; how many, or {@code -errno} of the first. */
  public int send(int fd, int from, int to) {
    return SocketCalls.sendmmsg(fd, headers, from * HEADER_SIZE, to - from);
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
