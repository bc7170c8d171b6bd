package dev.sluice.addresses.socket;

import dev.sluice.endpoint.FdReader;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads the datagrams of one sender: first those that came before its socket was connected, then
 * what the socket has. An empty datagram is the end of data.
 */
final class SenderReader implements FdReader {
  private final Fd fd;
  private final ConcurrentLinkedQueue<byte[]> early = new ConcurrentLinkedQueue<>();
  private volatile Runnable wake = () -> {};

  SenderReader(Fd fd, byte[] first) {
    this.fd = fd;
    early.add(first);
  }

  /**
   * Takes a datagram that another socket received; false when the sender's session is over. Any
   * thread.
   */
  boolean feed(byte[] datagram) {
    if (fd.isClosed()) {
      return false;
    }
    early.add(datagram);
    wake.run();
    return true;
  }

  @Override
  public Fd fd() {
    return fd;
  }

  @Override
  public int read(long buffer, int length) {
    byte[] datagram = early.poll();
    if (datagram == null) {
      return LibC.read(fd.number(), buffer, length);
    }
    int n = Math.min(length, datagram.length);
    NativeBuffer.put(buffer, datagram, 0, n);
    return n;
  }

  @Override
  public boolean canBatch() {
    return true;
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
