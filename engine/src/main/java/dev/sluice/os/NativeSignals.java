package dev.sluice.os;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * Signals that the JVM keeps for itself, taken nevertheless: QUIT, ILL, BUS, FPE, SEGV and USR2.
 *
 * <p>The JVM needs its own handlers for what the kernel or one of its own threads raises, and gives
 * Java no way to another. So a few machine instructions go before them, see sigaction(2): what
 * another process or the terminal sends is written as one byte to a pipe, from where a thread hands
 * it on; all else goes to the handler that was there. The instructions are those of x86-64;
 * elsewhere these signals stay with the JVM.
 */
public final class NativeSignals {
  public static final int QUIT = 3;
  public static final int ILL = 4;
  public static final int BUS = 7;
  public static final int FPE = 8;
  public static final int SEGV = 11;
  public static final int USR2 = 12;

  /** Origins of signals: kill(2), and the kernel on behalf of a terminal. */
  private static final int SI_USER = 0;

  private static final int SI_KERNEL = 0x80;

  private static final int PAGE = 4096;
  private static final int SLOT = 64;

  /** Layout of struct sigaction: handler, mask of 1024 bits, flags. */
  static final int SIGACTION_SIZE = 152;

  private static final int MASK_OFFSET = 8;
  private static final int FLAGS_OFFSET = 136;
  private static final int SA_SIGINFO = 4;
  private static final int SA_ONSTACK = 0x08000000;
  private static final int SA_RESTART = 0x10000000;

  private NativeSignals() {}

  /** Whether this machine's instructions are known here. */
  public static boolean isSupported() {
    return Machine.IS_X86_64;
  }

  /**
   * Takes those signals for the rest of the process's life.
   *
   * @param handler told their numbers, on a daemon thread
   */
  public static void take(int[] signals, IntConsumer handler) {
    Fd[] pipe = LibC.pipe(OpenFlags.CLOEXEC);
    pipe[1].setNonBlocking(true); // a flood of signals must not hold the thread that gets them
    NativeBuffer code = NativeBuffer.allocate(PAGE);
    long page = ProcessCalls.mapAnonymous(PAGE);
    for (int i = 0; i < signals.length; i++) {
      int terminal = signals[i] == QUIT ? SI_KERNEL : SI_USER;
      code.bytes()
          .put(
              i * SLOT,
              instructions(pipe[1].number(), ProcessCalls.signalHandler(signals[i]), terminal));
    }
    NativeBuffer.move(code.address(), page, PAGE);
    Reference.reachabilityFence(code);
    ProcessCalls.makeExecutable(page, PAGE);
    for (int i = 0; i < signals.length; i++) {
      NativeBuffer action = NativeBuffer.allocate(SIGACTION_SIZE);
      action.putLong(0, page + (long) i * SLOT);
      for (int at = 0; at < 128; at += Long.BYTES) {
        action.putLong(MASK_OFFSET + at, ~0L);
      }
      action.putInt(FLAGS_OFFSET, SA_SIGINFO | SA_ONSTACK | SA_RESTART);
      ProcessCalls.sigaction(signals[i], action, null);
    }
    Thread thread = new Thread(() -> dispatch(pipe[0], handler), "signals");
    thread.setDaemon(true);
    thread.start();
  }

  private static void dispatch(Fd pipe, IntConsumer handler) {
    NativeBuffer number = NativeBuffer.allocate(1);
    while (LibC.read(pipe.number(), number, 0, 1) == 1) {
      handler.accept(number.bytes().get(0));
    }
  }

  /**
   * A handler for {@code void (int signal, siginfo_t *info, void *context)}: unless the signal's
   * origin (si_code) is the kernel, other than {@code terminal}, or tgkill(2), writes the signal's
   * number to {@code pipe} and returns; otherwise goes on to {@code previous}.
   */
  private static byte[] instructions(int pipe, long previous, int terminal) {
    ByteBuffer code = ByteBuffer.allocate(SLOT).order(ByteOrder.LITTLE_ENDIAN);
    code.put(bytes(0x8b, 0x46, 0x08)); // mov eax, [rsi+8]: si_code
    code.put(bytes(0x3d)).putInt(terminal); // cmp eax, terminal
    code.put(bytes(0x74, 0x09)); // je ours
    code.put(bytes(0x83, 0xf8, 0xfa)); // cmp eax, -6: SI_TKILL
    code.put(bytes(0x74, 0x1b)); // je theirs
    code.put(bytes(0x85, 0xc0)); // test eax, eax
    code.put(bytes(0x7f, 0x17)); // jg theirs
    code.put(bytes(0x57)); // ours: push rdi
    code.put(bytes(0xb8)).putInt(1); // mov eax, 1: write
    code.put(bytes(0xbf)).putInt(pipe); // mov edi, pipe
    code.put(bytes(0x48, 0x89, 0xe6)); // mov rsi, rsp
    code.put(bytes(0xba)).putInt(1); // mov edx, 1
    code.put(bytes(0x0f, 0x05)); // syscall
    code.put(bytes(0x5f)); // pop rdi
    code.put(bytes(0xc3)); // ret
    code.put(bytes(0x48, 0xb8)).putLong(previous); // theirs: mov rax, previous
    code.put(bytes(0xff, 0xe0)); // jmp rax
    return code.array();
  }

  private static byte[] bytes(int... values) {
    byte[] all = new byte[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) values[i];
    }
    return all;
  }
}
