package dev.sluice.os;

/**
 * A poller's thread has ended, and with it all that its sessions wait for. An error, since the
 * process can't go on as if nothing had happened.
 */
final class PollerLost extends Error {
  private static final long serialVersionUID = 1;

  PollerLost(Throwable cause) {
    super(cause);
  }
}
