package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;

/** Datagram sockets that speak to a UNIX name. Blocks no longer than system calls do. */
public final class UnixDatagrams {
  private UnixDatagrams() {}

  /**
   * A socket that sends to the name and hears only from it, or from senders that have no name.
   * Answers reach it when options give it a name of its own.
   */
  public static Endpoint sendingTo(OpenContext context, String name, boolean isAbstract) {
    UnixBinding binding = new UnixBinding(context, isAbstract, true);
    SocketAddressBytes remote = UnixNames.address(context, name, isAbstract);
    return new DatagramSockets(context, SocketCalls.SOCK_DGRAM, 0, binding).sendingTo(remote);
  }
}
