package dev.sluice.os;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One way to call functions of the C library, over jffi's invoker (docs/adr/0003), for the classes
 * that have them by topic. A result is given as it is, or as {@code -errno}.
 */
final class NativeCalls {
  static final Invoker INVOKER = Invoker.getInstance();
  static final LastError LAST_ERROR = LastError.getInstance();
  static final Library LIBRARY = Library.getDefault();
  static final CallContext[] CONTEXTS = new CallContext[8];

  private NativeCalls() {}

  static {
    for (int i = 0; i < CONTEXTS.length; i++) {
      Type[] parameters = new Type[i];
      java.util.Arrays.fill(parameters, Type.SLONG_LONG);
      CONTEXTS[i] =
          CallContext.getCallContext(Type.SLONG_LONG, parameters, CallingConvention.DEFAULT, true);
    }
  }

  static final CallContext C0 = CONTEXTS[0];
  static final CallContext C1 = CONTEXTS[1];
  static final CallContext C2 = CONTEXTS[2];
  static final CallContext C3 = CONTEXTS[3];
  static final CallContext C4 = CONTEXTS[4];
  static final CallContext C5 = CONTEXTS[5];
  static final CallContext C6 = CONTEXTS[6];

  /** Addresses by name: to look one up takes longer than most calls. */
  private static final ConcurrentHashMap<String, Long> SYMBOLS = new ConcurrentHashMap<>();

  static long symbol(String name) {
    Long known = SYMBOLS.get(name);
    if (known != null) {
      return known;
    }
    long address = LIBRARY.getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError("the C library has no function " + name);
    }
    SYMBOLS.put(name, address);
    return address;
  }

  /** Whether the C library has that function. */
  static boolean has(String name) {
    return LIBRARY.getSymbolAddress(name) != 0;
  }

  static long result(long value) {
    return value == -1 ? -LAST_ERROR.get() : value;
  }

  static int intResult(long value) {
    return (int) value == -1 ? -LAST_ERROR.get() : (int) value;
  }

  /**
   * Any system call by number, for those that the C library applies to every thread (setuid and its
   * like); arguments as {@link #posix}, result or {@code -errno}.
   */
  static int syscall(long number, Object a, Object b, Object c) {
    return call("syscall", number, a, b, c);
  }

  /**
   * A function of the C library that returns its error number, as the posix_spawn family does.
   *
   * @param arguments whole numbers, and a buffer or null for each pointer
   */
  static int posix(String function, @Nullable Object... arguments) {
    long address = symbol(function);
    long[] words = new long[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(arguments[i]);
    }
    long result =
        switch (words.length) {
          case 0 -> INVOKER.invokeN0(C0, address);
          case 1 -> INVOKER.invokeN1(C1, address, words[0]);
          case 2 -> INVOKER.invokeN2(C2, address, words[0], words[1]);
          case 3 -> INVOKER.invokeN3(C3, address, words[0], words[1], words[2]);
          case 4 -> INVOKER.invokeN4(C4, address, words[0], words[1], words[2], words[3]);
          case 5 -> INVOKER.invokeN5(C5, address, words[0], words[1], words[2], words[3], words[4]);
          case 6 ->
              INVOKER.invokeN6(
                  C6, address, words[0], words[1], words[2], words[3], words[4], words[5]);
          default -> invoke(address, words);
        };
    Reference.reachabilityFence(arguments);
    return (int) result;
  }

  /** The way for many arguments; slower. */
  static long invoke(long address, long[] words) {
    CallContext context = CONTEXTS[words.length];
    HeapInvocationBuffer arguments = new HeapInvocationBuffer(context);
    for (long word : words) {
      arguments.putLong(word);
    }
    return INVOKER.invokeLong(context, address, arguments);
  }

  static long word(@Nullable Object argument) {
    if (argument instanceof NativeBuffer buffer) {
      return buffer.address();
    }
    return argument == null ? 0 : ((Number) argument).longValue();
  }

  /** The text that a function of the C library gives for a number, in English. */
  static String pointerText(String function, long argument) {
    long before = INVOKER.invokeN1(C1, symbol("uselocale"), English.LOCALE);
    try {
      return cString(INVOKER.invokeN1(C1, symbol(function), argument));
    } finally {
      INVOKER.invokeN1(C1, symbol("uselocale"), before);
    }
  }

  /** Messages in English, whatever the user speaks: scripts look for them. See newlocale(3). */
  static final class English {
    private static final int LC_MESSAGES_MASK = 1 << 5;
    private static final NativeBuffer NAME = NativeBuffer.ofCString("C");
    static final long LOCALE =
        INVOKER.invokeN3(C3, symbol("newlocale"), LC_MESSAGES_MASK, NAME.address(), 0);
  }

  /** A function of the C library without arguments that returns an address. */
  static long pointer(String function) {
    return INVOKER.invokeN0(C0, symbol(function));
  }

  /** A function of the C library that sets errno; its result or {@code -errno}. */
  static int call(String function, @Nullable Object... arguments) {
    return intResult(posix(function, arguments));
  }

  static String strerror(int errno) {
    return pointerText("strerror", errno);
  }

  /** The C string at {@code address}. */
  static String cString(long address) {
    return new String(
        MemoryIO.getInstance().getZeroTerminatedByteArray(address), StandardCharsets.ISO_8859_1);
  }

  static final int SCRATCH_SIZE = 512;
  static final ThreadLocal<NativeBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(SCRATCH_SIZE));

  /** A small buffer of the calling thread, for arguments that live for one call. */
  static NativeBuffer scratch() {
    return SCRATCH.get();
  }
}
