package dev.sluice.os;

import org.jspecify.annotations.Nullable;

/** This process, its children, signals and memory, call by call. */
public final class ProcessCalls {
  private static final long SCHED_GETCPU = NativeCalls.symbol("sched_getcpu");

  private ProcessCalls() {}

  /**
   * chdir(2), for the calling thread alone when it has left the shared file system state; see
   * {@link ScopedThread}.
   */
  public static void chdir(String path) {
    LibC.check(FileCalls.pathCall("chdir", path), "chdir(\"" + path + "\")");
  }

  /**
   * chroot(2), for the calling thread alone when it has left the shared file system state; see
   * {@link ScopedThread}.
   */
  public static void chroot(String path) {
    LibC.check(FileCalls.pathCall("chroot", path), "chroot(\"" + path + "\")");
  }

  /** umask(2); the former mask. */
  public static int umask(int mask) {
    return NativeCalls.posix("umask", mask);
  }

  /**
   * Ends the process now: no clean-up, no waiting for threads that are in native calls, for which
   * the JVM's own exit takes 300 ms. See _exit(2).
   */
  public static void exit(int status) {
    NativeCalls.INVOKER.invokeN1(NativeCalls.C1, NativeCalls.symbol("_exit"), status);
  }

  /** setsid(2); the session's number or {@code -errno}. */
  public static int setsid() {
    return NativeCalls.call("setsid", 0);
  }

  /** kill(2); 0 or {@code -errno}. */
  public static int kill(int pid, int signal) {
    return NativeCalls.call("kill", pid, signal);
  }

  /** What {@link #reap} gives for a child that the system has reaped itself, or somebody else. */
  static final int REAPED_BEFORE = -2;

  /**
   * waitpid(2) without waiting; the raw status, −1 while the child lives, or {@link
   * #REAPED_BEFORE}, as for every child while SIGCHLD is ignored.
   */
  public static int reap(int pid) {
    NativeBuffer status = NativeBuffer.allocate(4);
    int got = NativeCalls.call("waitpid", pid, status, 1 /* WNOHANG */);
    return got == pid ? status.getInt(0) : got == -Errno.ECHILD ? REAPED_BEFORE : -1;
  }

  /** Waits until a child has ended, and leaves it to be reaped: waitid(2) with WNOWAIT. */
  static void awaitEnd(int pid) {
    NativeBuffer ignored = NativeBuffer.allocate(128);
    int result;
    do {
      result =
          NativeCalls.call(
              "waitid", 1 /* P_PID */, pid, ignored, 4 | 0x01000000 /* WEXITED | WNOWAIT */);
    } while (result == -Errno.EINTR);
  }

  /**
   * Waits until any child has ended, and leaves it to be reaped; null when there is no child. See
   * waitid(2), WNOWAIT.
   */
  static @Nullable Integer endedChild() {
    NativeBuffer info = NativeBuffer.allocate(128);
    int result =
        NativeCalls.call("waitid", 0 /* P_ALL */, 0, info, 4 | 0x01000000 /* WEXITED | WNOWAIT */);
    return result < 0 ? null : Integer.valueOf(info.getInt(SI_PID));
  }

  /** Where struct siginfo of a child has its process id, on machines of 64 bits. */
  private static final int SI_PID = 16;

  /** dup3(2), close-on-exec. Returns less than 0 when it fails. */
  static int replace(int from, int to) {
    return NativeCalls.call("dup3", from, to, OpenFlags.CLOEXEC);
  }

  /** dup2(2). */
  static void duplicate(int from, int to) {
    LibC.check(NativeCalls.call("dup2", from, to), "dup2(" + from + ", " + to + ")");
  }

  /** sched_getcpu(3); the number of a processor or {@code -errno}. */
  static int currentCpu() {
    return NativeCalls.intResult(NativeCalls.INVOKER.invokeN0(NativeCalls.C0, SCHED_GETCPU));
  }

  /** getpid(2). */
  public static int getpid() {
    return NativeCalls.posix("getpid");
  }

  /** getppid(2). */
  public static int getppid() {
    return NativeCalls.posix("getppid");
  }

  /** The limit of open descriptors, soft. */
  public static int descriptorLimit() {
    NativeBuffer limit = NativeCalls.scratch();
    LibC.check(NativeCalls.call("getrlimit", 7 /* RLIMIT_NOFILE */, limit), "getrlimit()");
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, limit.getLong(0)));
  }

  /** sigaction(2); either structure may be null. */
  static void sigaction(
      int signal, @Nullable NativeBuffer action, @Nullable NativeBuffer previous) {
    LibC.check(
        NativeCalls.call("sigaction", signal, action, previous), "sigaction(" + signal + ")");
  }

  /** The address of a signal's handler; 0 for the default action, 1 when it is ignored. */
  static long signalHandler(int signal) {
    NativeBuffer action = NativeBuffer.allocate(NativeSignals.SIGACTION_SIZE);
    sigaction(signal, null, action);
    return action.getLong(0);
  }

  /** Whether a signal is ignored. */
  public static boolean isSignalIgnored(int signal) {
    return signalHandler(signal) == 1;
  }

  /** mmap(2) of private memory, for reading and writing. */
  static long mapAnonymous(int size) {
    return NativeCalls.result(
        NativeCalls.INVOKER.invokeN6(
            NativeCalls.C6, NativeCalls.symbol("mmap"), 0, size, 1 | 2, 0x02 | 0x20, -1, 0));
  }

  /** mprotect(2): memory for reading and executing from now on. */
  static void makeExecutable(long address, int size) {
    LibC.check(
        NativeCalls.call("mprotect", address, size, 1 | 4),
        "mprotect(0x" + Long.toHexString(address) + ")");
  }

  /**
   * Gives a signal its default action back, or has it ignored: sigaction(2) with SIG_DFL or
   * SIG_IGN.
   */
  public static void resetSignal(int signal, boolean ignore) {
    NativeCalls.posix("signal", signal, ignore ? 1 : 0);
  }
}
