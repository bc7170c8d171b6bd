package dev.sluice.testkit;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.ReadinessWait;
import java.io.ByteArrayOutputStream;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;

/** Reads and writes an endpoint as a transfer would, and waits until it can. */
final class EndpointBytes {
  /** How long it waits for input. */
  static final int PATIENCE_MILLIS = 10_000;

  private EndpointBytes() {}

  /** Writes all of the bytes. */
  static void write(Endpoint endpoint, byte[] bytes) {
    FdWriter writer = Objects.requireNonNull(endpoint.writer());
    NativeBuffer buffer = NativeBuffer.of(bytes);
    int done = 0;
    try (ReadinessWait wait = new ReadinessWait()) {
      while (done < bytes.length) {
        wait.awaitOutput(writer.fd().number());
        int n = writer.write(buffer.address() + done, bytes.length - done);
        done += n == -Errno.EAGAIN ? 0 : check(n, "write");
      }
    }
    Reference.reachabilityFence(buffer);
  }

  /** The next so many bytes. */
  static byte[] read(Endpoint endpoint, int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (all.size() < count) {
      byte[] piece = readPiece(endpoint);
      if (piece.length == 0) {
        throw new AssertionError("the data ends after " + Arrays.toString(all.toByteArray()));
      }
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  /** What arrives next; empty at the end of data. */
  static byte[] readPiece(Endpoint endpoint) {
    return readPiece(endpoint, 8192);
  }

  /** The same, at most so many. */
  static byte[] readPiece(Endpoint endpoint, int most) {
    FdReader reader = Objects.requireNonNull(endpoint.reader());
    NativeBuffer buffer = NativeBuffer.allocate(most);
    try (ReadinessWait wait = new ReadinessWait()) {
      while (true) {
        if (!reader.hasBuffered()
            && wait.awaitInput(reader.fd().number(), PATIENCE_MILLIS)
                != ReadinessWait.Result.READY) {
          throw new AssertionError("nothing arrives");
        }
        int n = reader.read(buffer.address(), buffer.capacity());
        if (n != -Errno.EAGAIN) {
          return buffer.toArray(0, check(n, "read"));
        }
      }
    }
  }

  private static int check(int result, String call) {
    if (result < 0) {
      throw new AssertionError(call + ": " + Errno.text(-result));
    }
    return result;
  }
}
