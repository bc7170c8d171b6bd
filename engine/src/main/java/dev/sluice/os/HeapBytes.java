package dev.sluice.os;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.ObjectParameterInfo;
import com.kenai.jffi.ObjectParameterStrategy;

/**
 * An array of the Java heap that the kernel reads from and writes to in place, one window at a
 * time, for data that has to be on the heap.
 *
 * <p>The garbage collector waits while such a call runs, so the descriptor must be one that never
 * blocks. Not thread-safe.
 */
public final class HeapBytes {
  private static final Invoker INVOKER = Invoker.getInstance();
  private static final Window WINDOW = new Window();
  private static final ObjectParameterInfo FILLED =
      info(ObjectParameterInfo.OUT | ObjectParameterInfo.PINNED);
  private static final ObjectParameterInfo READ =
      info(ObjectParameterInfo.IN | ObjectParameterInfo.PINNED);

  private final byte[] array;
  private int offset;
  private int length;

  /** Makes an array; {@code size} in bytes. */
  public HeapBytes(int size) {
    array = new byte[size];
  }

  private static ObjectParameterInfo info(int flags) {
    return ObjectParameterInfo.create(
        1, ObjectParameterInfo.ARRAY, ObjectParameterInfo.BYTE, flags);
  }

  public byte[] array() {
    return array;
  }

  /** The part that the next call is about. */
  public HeapBytes window(int newOffset, int newLength) {
    offset = newOffset;
    length = newLength;
    return this;
  }

  /** Calls a function of a descriptor, bytes that it fills, and their number. */
  long fill(CallContext context, long function, int fd) {
    return INVOKER.invokeN3O1(context, function, fd, 0, length, this, WINDOW, FILLED);
  }

  /** Calls a function of a descriptor, bytes that it reads, and their number. */
  long pass(CallContext context, long function, int fd) {
    return INVOKER.invokeN3O1(context, function, fd, 0, length, this, WINDOW, READ);
  }

  /** Tells jffi where the bytes are. */
  private static final class Window extends ObjectParameterStrategy<HeapBytes> {
    private Window() {
      super(HEAP);
    }

    @Override
    public long address(HeapBytes bytes) {
      throw new IllegalStateException("they are on the heap");
    }

    @Override
    public Object object(HeapBytes bytes) {
      return bytes.array;
    }

    @Override
    public int offset(HeapBytes bytes) {
      return bytes.offset;
    }

    @Override
    public int length(HeapBytes bytes) {
      return bytes.length;
    }
  }
}
