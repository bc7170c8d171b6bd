package dev.sluice.addresses.tls;

import dev.sluice.os.HeapBytes;
import dev.sluice.os.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * Where a thread makes and opens TLS records: arrays of the heap, since AES-GCM would copy from and
 * to others. Only threads that move data have one.
 */
final class TlsWorkbench {
  /** Bytes of data that are moved at once. */
  static final int BLOCK = 64 * 1024;

  /** Bytes of records at once. */
  static final int SCRATCH = BLOCK + 32 * 1024;

  /** Bytes that a record may hold, with some to spare for peers that keep to no limit. */
  private static final int LARGEST_PLAIN = 33 * 1024;

  private static final ThreadLocal<TlsWorkbench> WORKBENCH =
      ThreadLocal.withInitial(TlsWorkbench::new);

  /** For handshakes, and for what found no room; one for each thread, since sessions are many. */
  private static final ThreadLocal<NativeBuffer> MEMORY =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(SCRATCH));

  private final HeapBytes encrypted = new HeapBytes(SCRATCH);

  /** Where records are opened: the pump's memory, and what finds no room there. */
  private final ByteBuffer[] opened = {ByteBuffer.allocate(0), ByteBuffer.allocate(LARGEST_PLAIN)};

  private long viewed;

  private TlsWorkbench() {}

  /** This thread's. */
  static TlsWorkbench get() {
    return WORKBENCH.get();
  }

  /** This thread's memory outside of the heap, of {@link #SCRATCH} bytes. */
  static NativeBuffer memory() {
    return MEMORY.get();
  }

  /** {@link #SCRATCH} bytes for records. */
  HeapBytes encrypted() {
    return encrypted;
  }

  /** The last {@link #view}, and what finds no room there. */
  ByteBuffer[] opened() {
    return opened;
  }

  /** What found no room in the view, emptied. */
  ByteBuffer surplus() {
    return opened[1].clear();
  }

  /** The pump's memory as a buffer; a thread's pumps have the same block each time. */
  ByteBuffer view(long address, int length) {
    if (address != viewed || length > opened[0].capacity()) {
      opened[0] = NativeBuffer.view(address, length);
      viewed = address;
    }
    return opened[0].clear().limit(length);
  }
}
