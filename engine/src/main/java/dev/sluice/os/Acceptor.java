package dev.sluice.os;

/** Accepts connections, with the addresses of their peers: accept4(2). Not thread-safe. */
public final class Acceptor {
  private final NativeBuffer address = NativeBuffer.allocate(SocketAddressBytes.CAPACITY + 4);

  /** The next connection, close-on-exec and non-blocking, or {@code -errno}. */
  public int accept(int listening) {
    address.putInt(SocketAddressBytes.CAPACITY, SocketAddressBytes.CAPACITY);
    return SocketCalls.accept(listening, address, SocketAddressBytes.CAPACITY);
  }

  /** Whom the connection accepted last is from. */
  public SocketAddressBytes peer() {
    return SocketAddressBytes.read(address, address.getInt(SocketAddressBytes.CAPACITY));
  }
}
