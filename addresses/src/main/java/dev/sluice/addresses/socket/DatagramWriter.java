package dev.sluice.addresses.socket;

import dev.sluice.endpoint.FdWriter;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.os.Fd;
import dev.sluice.os.PacketAddress;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;

/** Sends each block as a datagram to one address. */
final class DatagramWriter implements FdWriter {
  private final Fd fd;
  private final SocketAddressBytes target;
  private final PacketAddress address;
  private final RelayLog log;

  DatagramWriter(Fd fd, SocketAddressBytes target, RelayLog log) {
    this.fd = fd;
    this.target = target;
    this.address = new PacketAddress(target);
    this.log = log;
  }

  @Override
  public Fd fd() {
    return fd;
  }

  @Override
  public int write(long buffer, int length) {
    int n = address.send(fd.number(), buffer, length);
    if (n >= 0 && log.has(Severity.NOTICE)) {
      log.notice("local address: %s", SocketCalls.getsockname(fd.number()));
    }
    return n;
  }

  @Override
  public String describeWrite(long buffer, int length) {
    return "sendto("
        + fd
        + ", 0x"
        + Long.toHexString(buffer)
        + ", "
        + length
        + ", 0, "
        + target
        + ", "
        + target.length()
        + ")";
  }
}
