package dev.sluice.addresses.socket;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.PacketAddress;
import dev.sluice.os.SocketConstants;

/**
 * Why a connection failed, as routers and the peer's host told: the kernel keeps it in a queue of
 * the socket; options {@code ip-recverr} and {@code ipv6-recverr} make it act on that at once. See
 * ip(7), MSG_ERRQUEUE.
 */
final class ErrorQueue {
  private static final int LARGEST_RETURNED = 2048;

  private ErrorQueue() {}

  /** Logs what is in the queue, and empties it. */
  static void tell(Fd fd, RelayLog log) {
    NativeBuffer returned = NativeBuffer.allocate(LARGEST_RETURNED);
    PacketAddress target = new PacketAddress();
    int flags = SocketConstants.MSG_ERRQUEUE | SocketConstants.MSG_DONTWAIT;
    while (target.receive(fd.number(), returned, flags) >= 0) {
      log.notice("receiving packet from %s", target.get());
      AncillaryFacts.tell(target.ancillary(), fd, log);
    }
  }
}
