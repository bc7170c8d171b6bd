package dev.sluice.addresses.socket;

import dev.sluice.endpoint.FdReader;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.PacketAddress;
import dev.sluice.os.ReadinessWait;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketConstants;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Reads the datagrams of one sender from a socket that was bound first and connected to the sender
 * then: those that came to another socket before, then what the socket has. An empty datagram is
 * the end of data.
 *
 * <p>Between bind(2) and connect(2) the kernel gives the socket datagrams of everybody, and one
 * that it is sorting at that moment may be queued later still. So the sender of each is looked at
 * for a while; what is another's is handed on.
 */
final class SenderReader implements FdReader {
  /** Senders are looked at for so long: far longer than the kernel takes to sort a datagram. */
  private static final long UNSETTLED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Senders are looked at until the socket was empty then, or so many datagrams have come. */
  private static final int MOST_UNSETTLED = 4096;

  /** What waits at most; a datagram on top of that is lost, as where a socket is full. */
  private static final int MOST_EARLY = 1024;

  private static final int MOST_EARLY_BYTES = 1 << 20;

  private static final ThreadLocal<PacketAddress> FROM =
      ThreadLocal.withInitial(PacketAddress::new);

  private final Fd fd;
  private final SocketAddressBytes peer;
  private final BiConsumer<SocketAddressBytes, byte[]> strays;
  private final RelayLog log;
  private final LinkedBlockingQueue<byte[]> early = new LinkedBlockingQueue<>(MOST_EARLY);
  private final AtomicInteger earlyBytes = new AtomicInteger();
  private final AtomicBoolean loses = new AtomicBoolean();
  private final long connectedAt = System.nanoTime();
  private int unsettled;
  private volatile boolean settled;
  private volatile Runnable wake = () -> {};

  /**
   * Makes a reader of a socket that has just been connected.
   *
   * @param strays takes the datagrams of others, with their senders; on the thread that reads
   */
  SenderReader(
      Fd fd, SocketAddressBytes peer, BiConsumer<SocketAddressBytes, byte[]> strays, RelayLog log) {
    this.log = log;
    this.fd = fd;
    this.peer = peer;
    this.strays = strays;
  }

  /**
   * Takes a datagram that another socket received, or loses it when too many wait; false when the
   * sender's session is over. Any thread.
   */
  boolean feed(byte[] datagram) {
    if (fd.isClosed()) {
      return false;
    }
    if (earlyBytes.get() + datagram.length > MOST_EARLY_BYTES || !early.offer(datagram)) {
      if (loses.compareAndSet(false, true)) {
        log.warning("datagrams of " + peer + " are lost: its session takes none");
      }
      return true;
    }
    earlyBytes.addAndGet(datagram.length);
    wake.run();
    return true;
  }

  /** Whether it can't take more before some have been read. */
  boolean isFull() {
    return early.remainingCapacity() == 0 || earlyBytes.get() >= MOST_EARLY_BYTES;
  }

  @Override
  public Fd fd() {
    return fd;
  }

  @Override
  public int read(long buffer, int length) {
    byte[] datagram = early.poll();
    if (datagram == null) {
      return canBatchNow() ? LibC.read(fd.number(), buffer, length) : readFromPeer(buffer, length);
    }
    earlyBytes.addAndGet(-datagram.length);
    int n = Math.min(length, datagram.length);
    NativeBuffer.put(buffer, datagram, 0, n);
    return n;
  }

  private int readFromPeer(long buffer, int length) {
    PacketAddress from = FROM.get();
    while (true) {
      int n = from.receive(fd.number(), buffer, length, SocketConstants.MSG_DONTWAIT);
      settled = isLate() && (isEmpty(n) || ++unsettled > MOST_UNSETTLED);
      if (n < 0 || from.get().equals(peer)) {
        return n;
      }
      byte[] content = new byte[n];
      NativeBuffer.get(buffer, content, 0, n);
      strays.accept(from.get(), content);
    }
  }

  /** Whether nothing lies ready after a read that returned that. */
  private boolean isEmpty(int result) {
    return result == -Errno.EAGAIN || (result >= 0 && ReadinessWait.isEmptyNow(fd.number()));
  }

  @Override
  public boolean canBatch() {
    return true;
  }

  @Override
  public boolean canBatchNow() {
    return settled;
  }

  private boolean isLate() {
    return System.nanoTime() - connectedAt > UNSETTLED_NANOS;
  }

  @Override
  public boolean hasBuffered() {
    return !early.isEmpty();
  }

  @Override
  public void whenBuffered(Runnable newWake) {
    wake = newWake;
  }
}
