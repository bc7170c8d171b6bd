package dev.sluice.os;

import static dev.sluice.os.SocketConstants.MSG_DONTWAIT;
import static dev.sluice.os.SocketConstants.MSG_PEEK;

import java.lang.ref.Reference;

/**
 * The C library and the kernel, call by call, over jffi's invoker (docs/adr/0003).
 *
 * <p>Two shapes: calls that can only go wrong throw {@link NativeError}; calls of the data path
 * return the result, or {@code -errno} when they fail, so that "would block" costs nothing.
 * Interrupted calls (EINTR) are repeated.
 *
 * <p>Pointers are {@link NativeBuffer}s, which every call here keeps from the garbage collector
 * until it is back. Only the calls of pumps take addresses as {@code long}: their blocks are held
 * by what is held by the poller.
 */
public final class LibC {
  private static final long READ = NativeCalls.symbol("read");
  private static final long WRITE = NativeCalls.symbol("write");
  private static final long CLOSE = NativeCalls.symbol("close");
  private static final long FCNTL = NativeCalls.symbol("fcntl");
  private static final long IOCTL = NativeCalls.symbol("ioctl");
  private static final long SPLICE = NativeCalls.symbol("splice");
  private static final long RECV = NativeCalls.symbol("recv");

  private LibC() {}

  /** Loads the library and the classes of the data path, so that a later first call is quick. */
  public static void load() {
    SocketCalls.load();
    ReadinessCalls.load();
  }

  /** Throws for a negative {@code result}, which holds {@code -errno}; otherwise returns it. */
  public static int check(int result, String call) {
    if (result < 0) {
      throw new NativeError(call, -result);
    }
    return result;
  }

  /** read(2); bytes read, 0 at the end, or {@code -errno}. */
  public static int read(int fd, long buffer, int length) {
    long n;
    do {
      n = NativeCalls.INVOKER.invokeN3(NativeCalls.C3, READ, fd, buffer, length);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    return (int) NativeCalls.result(n);
  }

  /** write(2); bytes written or {@code -errno}. */
  public static int write(int fd, long buffer, int length) {
    long n;
    do {
      n = NativeCalls.INVOKER.invokeN3(NativeCalls.C3, WRITE, fd, buffer, length);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    return (int) NativeCalls.result(n);
  }

  /** As {@link #read(int, long, int)}, to the bytes of {@code buffer} at {@code from}. */
  public static int read(int fd, NativeBuffer buffer, int from, int length) {
    int n = read(fd, buffer.address() + from, length);
    Reference.reachabilityFence(buffer);
    return n;
  }

  /** As {@link #write(int, long, int)}, of the bytes of {@code buffer} at {@code from}. */
  public static int write(int fd, NativeBuffer buffer, int from, int length) {
    int n = write(fd, buffer.address() + from, length);
    Reference.reachabilityFence(buffer);
    return n;
  }

  /** recv(2) that leaves what it reads, and does not wait; bytes read or {@code -errno}. */
  public static int peek(int fd, NativeBuffer buffer, int length) {
    long n;
    do {
      n =
          NativeCalls.INVOKER.invokeN4(
              NativeCalls.C4, RECV, fd, buffer.address(), length, MSG_PEEK | MSG_DONTWAIT);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    Reference.reachabilityFence(buffer);
    return (int) NativeCalls.result(n);
  }

  /** As {@link #read(int, long, int)}, into an array, from a descriptor that never blocks. */
  public static int read(int fd, HeapBytes buffer) {
    long n;
    do {
      n = buffer.fill(NativeCalls.C3, READ, fd);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    return (int) NativeCalls.result(n);
  }

  /** As {@link #write(int, long, int)}, from an array, to a descriptor that never blocks. */
  public static int write(int fd, HeapBytes buffer) {
    long n;
    do {
      n = buffer.pass(NativeCalls.C3, WRITE, fd);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    return (int) NativeCalls.result(n);
  }

  public static final int SPLICE_F_MOVE = 1;
  public static final int SPLICE_F_NONBLOCK = 2;
  public static final int SPLICE_F_MORE = 4;

  /** splice(2) without offsets; bytes moved, 0 at the end, or {@code -errno}. */
  public static long splice(int from, int to, long length, int flags) {
    long n;
    do {
      n = NativeCalls.INVOKER.invokeN6(NativeCalls.C6, SPLICE, from, 0, to, 0, length, flags);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    return NativeCalls.result(n);
  }

  /** close(2), errors ignored: the descriptor is gone in any case. */
  static void close(int fd) {
    NativeCalls.INVOKER.invokeN1(NativeCalls.C1, CLOSE, fd);
  }

  /** lseek(2). */
  public static long lseek(int fd, long offset, int whence) {
    long at =
        NativeCalls.result(
            NativeCalls.INVOKER.invokeN3(
                NativeCalls.C3, NativeCalls.symbol("lseek"), fd, offset, whence));
    if (at < 0) {
      throw new NativeError("lseek64(" + fd + ", " + offset + ", " + whence + ")", (int) -at);
    }
    return at;
  }

  /** ftruncate(2). */
  public static void ftruncate(int fd, long length) {
    check(NativeCalls.call("ftruncate", fd, length), "ftruncate64(" + fd + ", " + length + ")");
  }

  /** flock(2). */
  public static void flock(int fd, int operation) {
    int result;
    do {
      result = NativeCalls.call("flock", fd, operation);
    } while (result == -Errno.EINTR);
    check(result, "flock(" + fd + ", " + operation + ")");
  }

  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;
  public static final int F_GETFD = 1;
  public static final int F_SETFD = 2;
  public static final int F_SETLK = 6;
  public static final int F_SETLKW = 7;
  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int F_SETPIPE_SZ = 1031;
  public static final int F_GETPIPE_SZ = 1032;

  /** fcntl(2); its result or {@code -errno}. */
  public static int fcntl(int fd, int command, long argument) {
    int result;
    do {
      result =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN3(NativeCalls.C3, FCNTL, fd, command, argument));
    } while (result == -Errno.EINTR);
    return result;
  }

  /** fcntl(2) with a structure; its result or {@code -errno}. */
  public static int fcntl(int fd, int command, NativeBuffer argument) {
    int result = fcntl(fd, command, argument.address());
    Reference.reachabilityFence(argument);
    return result;
  }

  /** ioctl(2); its result or {@code -errno}. */
  public static int ioctl(int fd, long request, long argument) {
    return NativeCalls.intResult(
        NativeCalls.INVOKER.invokeN3(NativeCalls.C3, IOCTL, fd, request, argument));
  }

  /** ioctl(2) with a structure; its result or {@code -errno}. */
  public static int ioctl(int fd, long request, NativeBuffer argument) {
    int result = ioctl(fd, request, argument.address());
    Reference.reachabilityFence(argument);
    return result;
  }

  /** Bytes that lie ready to be read (FIONREAD); 0 where the descriptor does not tell. */
  public static int readable(int fd) {
    NativeBuffer count = NativeCalls.scratch();
    return ioctl(fd, 0x541b, count) < 0 ? 0 : count.getInt(0);
  }

  /** Bytes that a socket's peer has not taken (SIOCOUTQ); 0 where the descriptor does not tell. */
  public static int untaken(int fd) {
    NativeBuffer count = NativeCalls.scratch();
    return ioctl(fd, 0x5411, count) < 0 ? 0 : count.getInt(0);
  }

  /** isatty(3). */
  public static boolean isTerminal(int fd) {
    return NativeCalls.posix("isatty", fd) == 1;
  }

  /** pipe2(2): read end and write end, close-on-exec; {@code flags} may add O_NONBLOCK. */
  public static Fd[] pipe(int flags) {
    NativeBuffer pair = NativeBuffer.allocate(8);
    check(NativeCalls.call("pipe2", pair, flags | OpenFlags.CLOEXEC), "pipe2()");
    return new Fd[] {Fd.owned(pair.getInt(0)), Fd.owned(pair.getInt(4))};
  }
}
