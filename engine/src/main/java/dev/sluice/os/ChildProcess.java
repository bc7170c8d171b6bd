package dev.sluice.os;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * A program that the relay started. Its end is noticed through a pidfd (pidfd_open(2)) on a poller,
 * where it is also reaped, or, when there is none to be had, by a thread that waits; signals go to
 * it only while it has not been reaped, so never to a stranger that got its number.
 */
public final class ChildProcess {
  private static final long SYS_PIDFD_OPEN = 434;

  /**
   * How a program ended.
   *
   * @param code exit status, or the number of the signal that ended it
   * @param signalled whether a signal ended it
   */
  public record Exit(int code, boolean signalled) {
    public static final Exit SUCCESS = new Exit(0, false);

    public boolean isFailure() {
      return code != 0;
    }

    /** The status word of wait(2). */
    public int waitStatus() {
      return signalled ? code : code << 8;
    }

    static Exit ofWaitStatus(int status) {
      int signal = status & 0x7f;
      return signal == 0 ? new Exit((status >> 8) & 0xff, false) : new Exit(signal, true);
    }

    @Override
    public String toString() {
      return signalled ? "exited on signal " + code : "exited with status " + code;
    }
  }

  /** Of a program whose end nobody can tell us any more: exit status 255. */
  private static final int UNKNOWN = 255 << 8;

  private final int pid;
  private final UnaryOperator<Exit> firstTold;
  private final CompletableFuture<Exit> exit = new CompletableFuture<>();
  private boolean reaped;
  private int asked;

  private ChildProcess(int pid, UnaryOperator<Exit> firstTold) {
    this.pid = pid;
    this.firstTold = firstTold;
  }

  /**
   * Watches a process that was just started.
   *
   * @param firstTold told of the end before all others, on the poller's thread, unless it ended by
   *     a signal of ours; its result is passed to the others
   */
  public static ChildProcess watch(int pid, Poller poller, UnaryOperator<Exit> firstTold) {
    ChildProcess child = new ChildProcess(pid, firstTold);
    int number = NativeCalls.syscall(SYS_PIDFD_OPEN, pid, 0, 0);
    if (number < 0) {
      child.waitOnThread();
      return child;
    }
    Fd pidfd = Fd.owned(number);
    CompletableFuture<Poller.Registration> registration = new CompletableFuture<>();
    try {
      registration.complete(
          poller.register(
              number,
              events -> {
                if (child.reap()) {
                  registration.thenAccept(
                      registered -> {
                        registered.close();
                        pidfd.close();
                      });
                }
              }));
    } catch (NativeError e) {
      pidfd.close();
      child.waitOnThread();
    }
    return child;
  }

  /** Without a descriptor to watch: none was left, or the kernel is older than 5.3. */
  private void waitOnThread() {
    Thread thread =
        new Thread(
            () -> {
              ProcessCalls.awaitEnd(pid);
              reap();
            },
            "program-" + pid);
    thread.setDaemon(true);
    thread.start();
  }

  private boolean reap() {
    Exit status;
    synchronized (this) {
      if (reaped) {
        return false;
      }
      int raw = ProcessCalls.reap(pid);
      if (raw == -1) {
        return false;
      }
      reaped = true;
      Orphans.ended(pid);
      status = Exit.ofWaitStatus(raw < 0 ? UNKNOWN : raw);
    }
    boolean asWeAsked = status.signalled() && status.code() == asked;
    exit.complete(asWeAsked ? status : firstTold.apply(status));
    return true;
  }

  public int pid() {
    return pid;
  }

  /** Completed on the poller's thread, when the program has ended. */
  public CompletionStage<Exit> exit() {
    return exit;
  }

  /** Whether the program has not ended yet. */
  public synchronized boolean isAlive() {
    return !reaped;
  }

  /** Sends a signal for it to end by, unless it has ended. */
  public synchronized void signal(int number) {
    asked = number;
    pass(number);
  }

  /** Sends a signal that somebody else sent us, unless the program has ended. */
  public synchronized void pass(int number) {
    if (!reaped) {
      ProcessCalls.kill(pid, number);
    }
  }
}
