package dev.sluice.os;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A block of memory that both Java and the kernel can see: a direct buffer in native byte order
 * together with its address.
 *
 * <p>Freed with the object, by the garbage collector. Not thread-safe.
 */
public final class NativeBuffer {
  private static final int PAGE = 4096;

  private final ByteBuffer bytes;
  private final long address;

  private NativeBuffer(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.nativeOrder());
    this.address = MemoryIO.getInstance().getDirectBufferAddress(bytes);
  }

  /** Allocates a zeroed block; {@code size} in bytes, a negative one is an error. */
  public static NativeBuffer allocate(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("a block of " + size + " bytes");
    }
    return new NativeBuffer(ByteBuffer.allocateDirect(Math.max(1, size)));
  }

  /** The same, beginning with a page: a file that was opened with O_DIRECT takes no other. */
  public static NativeBuffer allocateAligned(int size) {
    return new NativeBuffer(
        ByteBuffer.allocateDirect(size + 2 * PAGE).alignedSlice(PAGE).slice(0, Math.max(1, size)));
  }

  /** A copy of {@code content}. */
  public static NativeBuffer of(byte[] content) {
    NativeBuffer buffer = allocate(content.length);
    buffer.bytes.put(0, content);
    return buffer;
  }

  /**
   * The bytes of a text that goes to C, one a character, without the NUL that ends it there. A text
   * that holds a NUL fails with {@link NativeError}: C would take what is before it for the whole.
   */
  public static byte[] bytesForC(String text) {
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      String shown = text.substring(0, nul) + "\\0" + text.substring(nul + 1).replace("\0", "\\0");
      throw new NativeError("a NUL byte in \"" + shown + "\"", Errno.EINVAL);
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A NUL-terminated copy of {@code text}, which must hold no other; see {@link #bytesForC}. */
  public static NativeBuffer ofCString(String text) {
    byte[] content = bytesForC(text);
    NativeBuffer buffer = allocate(content.length + 1);
    buffer.bytes.put(0, content);
    return buffer;
  }

  /**
   * A NULL-terminated array of pointers to C strings, and the strings behind it, in one block: what
   * execve(2) takes as argv and envp. None may hold a NUL; see {@link #bytesForC}.
   */
  public static NativeBuffer ofCStrings(List<String> strings) {
    int table = (strings.size() + 1) * Long.BYTES;
    int size = table;
    for (String string : strings) {
      size += string.length() + 1;
    }
    NativeBuffer block = allocate(size);
    int at = table;
    for (int i = 0; i < strings.size(); i++) {
      byte[] content = bytesForC(strings.get(i));
      block.bytes.putLong(i * Long.BYTES, block.address + at);
      block.bytes.put(at, content);
      at += content.length + 1;
    }
    return block;
  }

  /** The byte at an address, 0 to 255. */
  public static int byteAt(long address) {
    return MemoryIO.getInstance().getByte(address) & 0xff;
  }

  /** Copies a part of an array to an address. */
  public static void put(long address, byte[] content, int from, int length) {
    MemoryIO.getInstance().putByteArray(address, content, from, length);
  }

  /** Copies what is at an address into a part of an array. */
  public static void get(long address, byte[] content, int from, int length) {
    MemoryIO.getInstance().getByteArray(address, content, from, length);
  }

  /** Copies {@code length} bytes; the areas may overlap. */
  public static void move(long from, long to, int length) {
    MemoryIO.getInstance().memmove(to, from, length);
  }

  /** The memory at an address as a buffer; valid as long as the memory is. */
  public static ByteBuffer view(long address, int length) {
    return MemoryIO.getInstance().newDirectByteBuffer(address, length);
  }

  public ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Where the block is, for calls that take an address. Whoever passes it on sees to it that the
   * buffer stays reachable until the call is back, by a field or {@link
   * java.lang.ref.Reference#reachabilityFence}: the collector may free a buffer that a running
   * method names no more, even one of its own variables. The calls of {@link LibC} that take the
   * buffer itself do that.
   */
  public long address() {
    return address;
  }

  public int capacity() {
    return bytes.capacity();
  }

  public int getInt(int index) {
    return bytes.getInt(index);
  }

  public NativeBuffer putInt(int index, int value) {
    bytes.putInt(index, value);
    return this;
  }

  public long getLong(int index) {
    return bytes.getLong(index);
  }

  public NativeBuffer putLong(int index, long value) {
    bytes.putLong(index, value);
    return this;
  }

  public NativeBuffer putShort(int index, int value) {
    bytes.putShort(index, (short) value);
    return this;
  }

  /** The {@code length} bytes from {@code index} as an array. */
  public byte[] toArray(int index, int length) {
    byte[] content = new byte[length];
    bytes.get(index, content);
    return content;
  }

  /** The bytes up to the first NUL, one character a byte. */
  public String getCString() {
    int end = 0;
    while (end < bytes.capacity() && bytes.get(end) != 0) {
      end++;
    }
    return new String(toArray(0, end), StandardCharsets.ISO_8859_1);
  }
}
