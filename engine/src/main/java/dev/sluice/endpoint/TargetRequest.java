package dev.sluice.endpoint;

import dev.sluice.os.SocketAddressBytes;

/**
 * What the peer of an endpoint has asked to be connected with, as clients of a SOCKS server do. Who
 * connects it says once what became of it, which the peer is told. Answers may block, but no longer
 * than the dialogue with the peer may last.
 */
public interface TargetRequest {
  /** Why a peer does not get what it has asked for. */
  enum Refusal {
    DENIED,
    UNKNOWN_HOST,
    NETWORK_UNREACHABLE,
    HOST_UNREACHABLE,
    REFUSED,
    TIMED_OUT,
    FAILED
  }

  /** A name or number, as the peer gave it; IPv6 addresses are in brackets. */
  String host();

  /** 1 to 65535. */
  int port();

  /** Whether the peer may have that address, which {@link #host} has led to. */
  boolean permits(SocketAddressBytes address);

  /**
   * The peer has what it asked for.
   *
   * @param local where the connection to the target comes from
   */
  void granted(SocketAddressBytes local);

  /** The peer does not get it. */
  void refused(Refusal why);
}
