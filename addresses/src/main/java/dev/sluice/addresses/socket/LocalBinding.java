package dev.sluice.addresses.socket;

import dev.sluice.os.Fd;
import dev.sluice.os.SocketAddressBytes;

/** How a socket gets its local address, if its options ask for one. */
@FunctionalInterface
interface LocalBinding {
  /**
   * Binds the socket, or leaves that to the kernel.
   *
   * @param remote whom the socket is going to speak to
   */
  void bind(Fd fd, SocketAddressBytes remote);

  /** Removes what {@link #bind} has left in the file system. */
  default void undo() {}
}
