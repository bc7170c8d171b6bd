package dev.sluice.endpoint;

import dev.sluice.os.SocketAddressBytes;

/**
 * Both ends of a connection that came in.
 *
 * @param peer who connected
 * @param local what it connected to
 */
public record ConnectionEnds(SocketAddressBytes peer, SocketAddressBytes local) {}
