package dev.sluice.os;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does work under its own working directory, root, file mode mask, credentials or network
 * namespace, while the rest of the process keeps theirs.
 *
 * <p>The work runs on a platform thread that leaves the shared file system state first (unshare(2)
 * with CLONE_FS). What it changes by raw system call holds for that thread alone, and for the
 * programs it starts; the thread ends with the work. Credentials are never set with the C library's
 * functions, which change every thread (see nptl(7)).
 */
public final class ScopedThread {
  private static final int CLONE_FS = 0x200;
  private static final long SYS_SETUID = Machine.IS_X86_64 ? 105 : 146;
  private static final long SYS_SETGID = Machine.IS_X86_64 ? 106 : 144;
  private static final long SYS_SETGROUPS = Machine.IS_X86_64 ? 116 : 159;
  private static final long SYS_SETNS = Machine.IS_X86_64 ? 308 : 268;

  private static final long SYS_CAPSET = Machine.IS_X86_64 ? 126 : 91;
  private static final long SYS_PRCTL = Machine.IS_X86_64 ? 157 : 167;
  private static final int PR_SET_KEEPCAPS = 8;
  private static final int CAPABILITY_VERSION = 0x20080522;
  private static final int CAP_DAC_OVERRIDE = 1 << 1;

  /** Of a thread with a root of its own: what the thread that waits for it is asked to do. */
  private static final ThreadLocal<@Nullable BlockingQueue<Runnable>> OUTSIDE = new ThreadLocal<>();

  private ScopedThread() {}

  /** Runs {@code work} on a scoped thread and waits for it; its exception comes out as it is. */
  public static <T> T call(Callable<T> work) {
    CompletableFuture<T> result = start(work, null);
    return join(result);
  }

  /**
   * As {@link #call}, for work that changes to a root of its own: the calling thread waits in the
   * old root and does there what is asked for with {@link #outside}.
   */
  public static <T> T callInOtherRoot(Callable<T> work) {
    BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
    CompletableFuture<T> result = start(work, asked);
    result.whenComplete((value, failure) -> asked.add(() -> {}));
    boolean interrupted = false;
    while (!result.isDone()) {
      try {
        asked.take().run();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return join(result);
  }

  /**
   * Looks something up in the root that the process has, also for a thread that has another: the C
   * library loads what it needs for names from files, and those of a jail are not to be run in a
   * process that has more rights than the jail.
   */
  public static <T> T outside(Supplier<T> lookUp) {
    BlockingQueue<Runnable> asked = OUTSIDE.get();
    if (asked == null) {
      return lookUp.get();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    asked.add(
        () -> {
          try {
            answer.complete(outside(lookUp));
          } catch (Throwable e) {
            answer.completeExceptionally(e);
          }
        });
    return join(answer);
  }

  private static <T> CompletableFuture<T> start(
      Callable<T> work, @Nullable BlockingQueue<Runnable> outside) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                OUTSIDE.set(outside);
                LibC.check(NativeCalls.call("unshare", CLONE_FS), "unshare(CLONE_FS)");
                result.complete(work.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "scoped");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private static <T> T join(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Sets the calling thread's user; call it last. */
  public static void setUser(int uid) {
    LibC.check(NativeCalls.syscall(SYS_SETUID, uid, 0, 0), "setuid(" + uid + ")");
  }

  /**
   * As {@link #setUser}, but the thread keeps the right to open any file, which a program that it
   * starts loses with execve(2): the terminal that is to be its own was made by somebody else. See
   * capabilities(7).
   */
  public static void setUserOfProgram(int uid) {
    if (uid == 0) {
      setUser(uid);
      return;
    }
    NativeCalls.syscall(SYS_PRCTL, PR_SET_KEEPCAPS, 1, 0);
    setUser(uid);
    NativeBuffer header = NativeBuffer.allocate(8).putInt(0, CAPABILITY_VERSION);
    NativeBuffer data = NativeBuffer.allocate(24);
    data.putInt(0, CAP_DAC_OVERRIDE).putInt(4, CAP_DAC_OVERRIDE);
    if (NativeCalls.syscall(SYS_CAPSET, header, data, 0) < 0) { // it had no such right
      NativeBuffer none = NativeBuffer.allocate(24);
      LibC.check(NativeCalls.syscall(SYS_CAPSET, header, none, 0), "capset({})");
    }
  }

  /** Sets the calling thread's group. */
  public static void setGroup(int gid) {
    LibC.check(NativeCalls.syscall(SYS_SETGID, gid, 0, 0), "setgid(" + gid + ")");
  }

  /** Sets the calling thread's supplementary groups. */
  public static void setGroups(int[] gids) {
    if (ProcessRights.hasGroups(gids)) {
      return; // who has given up the rights of root may not even ask for the same again
    }
    LibC.check(
        NativeCalls.syscall(SYS_SETGROUPS, gids.length, list(gids), 0),
        "setgroups(" + gids.length + ")");
  }

  static NativeBuffer list(int[] gids) {
    NativeBuffer list = NativeBuffer.allocate(gids.length * 4);
    for (int i = 0; i < gids.length; i++) {
      list.putInt(i * 4, gids[i]);
    }
    return list;
  }

  /** Moves the calling thread into the network namespace that {@code fd} stands for. */
  public static void enterNetwork(int fd) {
    LibC.check(
        NativeCalls.syscall(SYS_SETNS, fd, 0x40000000, 0), "setns(" + fd + ", CLONE_NEWNET)");
  }
}
