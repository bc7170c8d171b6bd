package dev.sluice.os;

import static dev.sluice.os.SocketConstants.SOL_SOCKET;
import static dev.sluice.os.SocketConstants.SO_PEERCRED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The process that connected to a UNIX socket, as the kernel recorded it at that time. See unix(7),
 * SO_PEERCRED.
 *
 * @param process process id
 * @param user user id
 * @param group group id
 */
public record PeerCredentials(int process, int user, int group) {
  private static final int SIZE = 12;

  /** The peer of a socket; empty when it is none of a UNIX socket. */
  public static Optional<PeerCredentials> of(int fd) {
    try {
      ByteBuffer peer =
          ByteBuffer.wrap(SocketCalls.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, SIZE))
              .order(ByteOrder.nativeOrder());
      PeerCredentials some = new PeerCredentials(peer.getInt(), peer.getInt(), peer.getInt());
      return some.process > 0 ? Optional.of(some) : Optional.empty();
    } catch (NativeError e) {
      return Optional.empty(); // no socket at all
    }
  }
}
