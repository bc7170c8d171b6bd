package dev.sluice.addresses.socket;

import dev.sluice.endpoint.FdReader;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.PacketAddress;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketConstants;
import java.util.function.Predicate;

/**
 * Reads datagrams from whoever is let in. What others send is read and dropped. An empty datagram
 * is nothing, unless it is to be the end of data (option null-eof).
 */
final class DatagramReader implements FdReader {
  private static final int IPV4_VERSION = 4;

  private final Fd fd;
  private final Predicate<SocketAddressBytes> permitted;
  private final boolean nullEof;
  private final boolean stripIpHeader;
  private final boolean ancillary;
  private final RelayLog log;
  private final PacketAddress sender = new PacketAddress();

  /** Datagrams that nobody gets may come so many at a time; then others have their turn. */
  private static final int BUDGET = 64;

  private Runnable wake = () -> {};

  /**
   * Makes a reader.
   *
   * @param permitted whether a sender's datagrams are let in
   * @param nullEof whether an empty datagram ends the data
   * @param stripIpHeader whether datagrams begin with an IPv4 header, as those of raw sockets do
   * @param ancillary whether what the kernel tells of datagrams is logged
   */
  DatagramReader(
      Fd fd,
      Predicate<SocketAddressBytes> permitted,
      boolean nullEof,
      boolean stripIpHeader,
      boolean ancillary,
      RelayLog log) {
    this.fd = fd;
    this.permitted = permitted;
    this.nullEof = nullEof;
    this.stripIpHeader = stripIpHeader;
    this.ancillary = ancillary;
    this.log = log;
  }

  @Override
  public Fd fd() {
    return fd;
  }

  @Override
  public int read(long buffer, int length) {
    for (int i = 0; i < BUDGET; i++) {
      int n = sender.receive(fd.number(), buffer, length, SocketConstants.MSG_DONTWAIT);
      if (n < 0) {
        return n;
      }
      SocketAddressBytes from = sender.get();
      if (ancillary) {
        AncillaryFacts.tell(sender.ancillary(), fd, log);
      }
      if (log.has(Severity.NOTICE)) {
        log.notice("received packet with %d bytes from %s", n, from);
      }
      if (!permitted.test(from)) {
        log.info("%s", "recvfrom(): wrong peer address, ignoring packet");
        continue;
      }
      int payload = stripIpHeader ? withoutHeader(buffer, n) : n;
      if (ancillary && from.family() == SocketAddressBytes.AF_PACKET) {
        payload = PacketSocket.withTag(sender.ancillary(), buffer, n, length);
      }
      if (payload > 0 || nullEof) {
        return payload;
      }
    }
    wake.run();
    return -Errno.EAGAIN;
  }

  @Override
  public void whenBuffered(Runnable newWake) {
    wake = newWake;
  }

  /** Moves the payload to the start of the buffer; its length. */
  static int withoutHeader(long buffer, int length) {
    int first = length == 0 ? 0 : dev.sluice.os.NativeBuffer.byteAt(buffer);
    int header = (first & 0xf) * 4;
    if (first >> 4 != IPV4_VERSION || header > length) {
      return length;
    }
    dev.sluice.os.NativeBuffer.move(buffer + header, buffer, length - header);
    return length - header;
  }
}
