package dev.sluice.transfer;

import dev.sluice.Internal;
import dev.sluice.os.PacketBatch;
import dev.sluice.os.Poller;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A poller with the memory that all its transfers share: one block, used within a step, and batches
 * of datagrams, which are borrowed. Belongs to the poller's thread.
 */
@Internal
public final class PollerMemory {
  private static final int BATCH = 64;

  /** Memory of a batch, unless one datagram needs more; in bytes. */
  private static final int BATCH_BYTES = 4 * 1024 * 1024;

  private final Poller poller;
  private final Block scratch;
  private final Deque<PacketBatch> batches = new ArrayDeque<>(1);

  public PollerMemory(Poller poller, int blockSize) {
    this.poller = poller;
    this.scratch = new Block(blockSize);
  }

  public Poller poller() {
    return poller;
  }

  Block scratch() {
    return scratch;
  }

  /** A batch for datagrams up to {@code packetSize} bytes. */
  PacketBatch borrowBatch(int packetSize) {
    PacketBatch batch = batches.poll();
    return batch != null && batch.packetSize() == packetSize
        ? batch
        : new PacketBatch(Math.min(BATCH, Math.max(1, BATCH_BYTES / packetSize)), packetSize);
  }

  void giveBack(PacketBatch batch) {
    if (batches.isEmpty()) {
      batches.add(batch);
    }
  }
}
