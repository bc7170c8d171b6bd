package dev.sluice.addresses.tls;

import dev.sluice.endpoint.FdReader;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.HeapBytes;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.net.ssl.SSLException;

/** Records from the peer that have not been opened yet. Not thread-safe. */
final class TlsInput {
  private static final int RECORD_HEADER = 5;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Fd fd;
  private final boolean datagram;

  /** Encrypted bytes, ready to be read from. */
  private ByteBuffer bytes = NOTHING;

  /** Length in bytes of the last whole record that came, header included; 0 before the first. */
  private int recordLength;

  /** Datagrams from before. */
  private final Deque<byte[]> earlier = new ArrayDeque<>();

  /**
   * Whether the socket may hold more without another edge of readiness: since the last read that
   * came back short, an edge may have passed while the pump was waiting for room.
   */
  private boolean mayHaveMore;

  TlsInput(Fd fd, boolean datagram) {
    this.fd = fd;
    this.datagram = datagram;
  }

  /** Takes the datagrams that somebody else has received. */
  void takeFrom(FdReader early) {
    NativeBuffer memory = TlsWorkbench.memory();
    while (early.hasBuffered()) {
      int n = early.read(memory.address(), TlsWorkbench.SCRATCH);
      if (n <= 0) {
        return;
      }
      earlier.add(memory.toArray(0, n));
    }
  }

  /** Whether datagrams that somebody else received wait to be opened. */
  boolean hasEarlier() {
    return !earlier.isEmpty();
  }

  /** What has been read, and not opened; opening takes from it. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** The type of the next record, of which at least one byte has arrived. */
  byte nextType() {
    return bytes.get(bytes.position());
  }

  /** Drops what there is. */
  void clear() {
    bytes = NOTHING;
  }

  /** The socket may hold more, whatever the last read found. */
  void mayHaveMore() {
    mayHaveMore = true;
  }

  /** A record of that length has been opened. */
  void hadRecord(int length) {
    recordLength = length;
  }

  /** Whether the socket may hold more, or a whole record is there. */
  boolean isWorthReading() {
    if (mayHaveMore) {
      return true;
    }
    int record = datagram ? 1 : nextRecord();
    return record > 0 && bytes.remaining() >= record;
  }

  // --- for a handshake

  /** Reads what there is; false when that is nothing. */
  boolean fill() throws SSLException {
    byte[] before = earlier.poll();
    if (before != null) {
      bytes = ByteBuffer.wrap(before);
      return true;
    }
    NativeBuffer memory = TlsWorkbench.memory();
    int n = LibC.read(fd.number(), memory, 0, TlsWorkbench.SCRATCH);
    if (n == -Errno.EAGAIN) {
      return false;
    }
    LibC.check(n, "read(" + fd + ")");
    if (n == 0 && !datagram) {
      throw new SSLException("unexpected eof while reading");
    }
    if (n > 0) {
      add(memory, n);
    }
    return n > 0;
  }

  /** Puts what was read behind what is left of before. */
  private void add(NativeBuffer memory, int count) {
    int left = datagram ? 0 : bytes.remaining();
    byte[] all = new byte[left + count];
    bytes.get(all, 0, left);
    NativeBuffer.get(memory.address(), all, left, count);
    bytes = ByteBuffer.wrap(all);
  }

  // --- for data

  /**
   * Reads from the socket, behind what is left of before. It lies on the thread's workbench, which
   * is this connection's until {@link #keepRest}.
   *
   * @return as read(2)
   */
  int receive() {
    HeapBytes bench = TlsWorkbench.get().encrypted();
    int left = datagram ? 0 : bytes.remaining();
    bytes.get(bytes.position(), bench.array(), 0, left);
    int wanted =
        datagram
            ? TlsWorkbench.BLOCK
            : Math.min(wholeRecords() - left, TlsWorkbench.SCRATCH - left);
    int n = LibC.read(fd.number(), bench.window(left, wanted));
    mayHaveMore = n == wanted || (datagram && n > 0);
    if (n > 0) {
      bytes = ByteBuffer.wrap(bench.array(), 0, left + n);
    }
    return n;
  }

  /**
   * About a block, but as many whole records as that, since a record cut in two has to be kept for
   * the next time: whoever sends much makes all of one length.
   */
  private int wholeRecords() {
    int next = Math.max(recordLength, nextRecord());
    return next == 0
        ? TlsWorkbench.BLOCK
        : next * Math.max(1, (TlsWorkbench.BLOCK + next / 2) / next);
  }

  /** Length of the record that comes next, if its header is there; otherwise 0. */
  private int nextRecord() {
    return bytes.remaining() < RECORD_HEADER
        ? 0
        : RECORD_HEADER + (bytes.getShort(bytes.position() + 3) & 0xffff);
  }

  /** Takes what has not been opened yet off the workbench. */
  void keepRest() {
    if (!bytes.hasRemaining()) {
      bytes = NOTHING;
    } else if (bytes.array() == TlsWorkbench.get().encrypted().array()) {
      byte[] rest = new byte[bytes.remaining()];
      bytes.get(rest);
      bytes = ByteBuffer.wrap(rest);
    }
  }
}
