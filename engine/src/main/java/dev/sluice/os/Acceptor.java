package dev.sluice.os;

/** Accepts connections, with the addresses of their peers: accept4(2). Not thread-safe. */
public final class Acceptor {
  private static final ThreadLocal<Acceptor> OF_THREAD = ThreadLocal.withInitial(Acceptor::new);

  private final NativeBuffer address = NativeBuffer.allocate(SocketAddressBytes.CAPACITY + 4);

  /** The calling thread's own, so that a thread with thousands of listeners needs one. */
  public static Acceptor ofThread() {
    return OF_THREAD.get();
  }

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
