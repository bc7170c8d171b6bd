package dev.sluice.testkit;

import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.ReadinessWait;
import dev.sluice.os.SocketCalls;
import java.io.ByteArrayOutputStream;

/** A peer that is one descriptor, or two. It owns them. */
public final class DescriptorPeer implements Peer {
  static final int PATIENCE_MILLIS = 10_000;
  private static final int BLOCK = 64 * 1024;

  private final Fd in;
  private final Fd out;

  /** One descriptor for both ways: a connected socket. */
  public DescriptorPeer(Fd socket) {
    this(socket, socket);
  }

  /** One descriptor to read, another to write. */
  public DescriptorPeer(Fd in, Fd out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public void send(byte[] bytes) {
    NativeBuffer buffer = NativeBuffer.of(bytes);
    int done = 0;
    try (ReadinessWait wait = new ReadinessWait()) {
      while (done < bytes.length) {
        wait.awaitOutput(out.number());
        int n = LibC.write(out.number(), buffer, done, bytes.length - done);
        done += LibC.check(n, "write(" + out + ")");
      }
    }
  }

  @Override
  public byte[] receive(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(count);
    while (all.size() < count) {
      byte[] piece = read(Math.min(BLOCK, count - all.size()));
      if (piece.length == 0) {
        throw new AssertionError("the data ends after " + all.size() + " of " + count + " bytes");
      }
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private byte[] read(int most) {
    NativeBuffer buffer = NativeBuffer.allocate(most);
    int n = -Errno.EAGAIN;
    try (ReadinessWait wait = new ReadinessWait()) {
      // a pipe that seemed to be at its end has none while another writer opens it
      while (n == -Errno.EAGAIN) {
        if (wait.awaitInput(in.number(), PATIENCE_MILLIS) != ReadinessWait.Result.READY) {
          throw new AssertionError("nothing arrives at the peer");
        }
        n = LibC.read(in.number(), buffer, 0, most);
      }
    }
    return buffer.toArray(0, LibC.check(n, "read(" + in + ")"));
  }

  @Override
  public void receiveEnd() {
    byte[] more = read(BLOCK);
    if (more.length > 0) {
      throw new AssertionError(more.length + " bytes arrive where the data should end");
    }
  }

  @Override
  public void endOutput() {
    boolean isSocket = in == out && SocketCalls.shutdown(out.number(), SocketCalls.SHUT_WR) == 0;
    if (!isSocket) {
      out.close();
    }
  }

  @Override
  public void close() {
    in.close();
    out.close();
  }
}
