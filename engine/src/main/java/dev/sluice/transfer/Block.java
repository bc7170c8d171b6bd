package dev.sluice.transfer;

import dev.sluice.os.NativeBuffer;

/** Memory for one block of data in transit. */
final class Block {
  private final NativeBuffer memory;

  Block(int size) {
    memory = NativeBuffer.allocateAligned(size);
  }

  long address() {
    return memory.address();
  }

  int size() {
    return memory.capacity();
  }

  /** Copies {@code length} bytes at {@code offset} of another block to the start of this one. */
  void copyFrom(Block other, int offset, int length) {
    memory.bytes().put(0, other.memory.bytes(), offset, length);
  }

  @Override
  public String toString() {
    return "0x" + Long.toHexString(memory.address());
  }
}
