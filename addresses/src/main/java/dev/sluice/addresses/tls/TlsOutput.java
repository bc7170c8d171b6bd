package dev.sluice.addresses.tls;

import dev.sluice.os.Fd;
import dev.sluice.os.HeapBytes;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Records on their way to the peer: into the socket while it has room, else kept. Not thread-safe.
 */
final class TlsOutput {
  private static final byte[] NONE = new byte[0];

  private final Fd fd;

  /** What the socket had no room for. */
  private byte[] kept = NONE;

  private int keptFrom;

  TlsOutput(Fd fd) {
    this.fd = fd;
  }

  /** Writes as much as there is room for, and keeps the rest; nothing may be kept yet. */
  void send(HeapBytes records, int length) {
    if (length == 0) {
      return;
    }
    int n = LibC.write(fd.number(), records.window(0, length));
    if (n < length) {
      kept = Arrays.copyOfRange(records.array(), Math.max(0, n), length);
      keptFrom = 0;
    }
  }

  /** Keeps records, behind what is kept already. */
  void queue(ByteBuffer records) {
    int left = kept.length - keptFrom;
    records.flip();
    byte[] all = new byte[left + records.remaining()];
    System.arraycopy(kept, keptFrom, all, 0, left);
    records.get(all, left, records.remaining());
    kept = all;
    keptFrom = 0;
  }

  /** Writes what is kept; 0 when all of it has gone, else {@code -errno}. */
  int flush() {
    while (keptFrom < kept.length) {
      NativeBuffer memory = TlsWorkbench.memory();
      int count = Math.min(TlsWorkbench.SCRATCH, kept.length - keptFrom);
      NativeBuffer.put(memory.address(), kept, keptFrom, count);
      int n = LibC.write(fd.number(), memory, 0, count);
      if (n < 0) {
        return n;
      }
      keptFrom += n;
    }
    kept = NONE;
    keptFrom = 0;
    return 0;
  }
}
