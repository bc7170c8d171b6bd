package dev.sluice.transfer;

import dev.sluice.os.Poller;

/** A poller with the memory that all its transfers share: one block, used within a step. */
public final class PollerMemory {
  private final Poller poller;
  private final Block scratch;

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
}
