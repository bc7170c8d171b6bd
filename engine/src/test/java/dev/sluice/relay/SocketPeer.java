package dev.sluice.relay;

import dev.sluice.endpoint.ConnectionEnds;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.ReadinessWait;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An endpoint made of a socket pair, and the peer behind it in the test's hand. */
final class SocketPeer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Fd ours;
  private final Fd theirs;
  private Endpoint endpoint;

  SocketPeer() {
    Fd[] pair = SocketCalls.socketpair(SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM, 0);
    theirs = pair[0];
    ours = pair[1];
    endpoint = Endpoint.ofSocket(theirs, Direction.BOTH);
  }

  /** A peer that seems to come from a host, by its number. */
  SocketPeer(String host) {
    this();
    SocketAddressBytes end = SocketAddressBytes.of(new InetSocketAddress(host, 1).getAddress(), 1);
    endpoint = endpoint.ends(() -> new ConnectionEnds(end, end));
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean isClosedByRelay() {
    return theirs.isClosed();
  }

  void send(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    LibC.check(LibC.write(ours.number(), NativeBuffer.of(bytes), 0, bytes.length), "write()");
  }

  /** What arrives next; empty at the end of data. */
  String receive() {
    NativeBuffer block = NativeBuffer.allocate(8192);
    try (ReadinessWait wait = new ReadinessWait()) {
      if (wait.awaitInput(ours.number(), PATIENCE_MILLIS) != ReadinessWait.Result.READY) {
        throw new AssertionError("nothing arrives");
      }
    }
    int n = LibC.read(ours.number(), block, 0, block.capacity());
    return n <= 0 ? "" : new String(block.toArray(0, n), StandardCharsets.ISO_8859_1);
  }

  /** The peer goes away. */
  @Override
  public void close() {
    ours.close();
  }
}
