package dev.sluice.os;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;

/**
 * Children that are not ours: the first process of a PID namespace, such as that of a container,
 * gets every process whose parent has died, and must wait for its end. See pid_namespaces(7).
 */
public final class Orphans {
  private static final int FIRST = 1;
  private static final long PAUSE_MILLIS = 200;

  /** Held for reading while a program of ours starts, so that its number is known in time. */
  private static final ReentrantReadWriteLock STARTS = new ReentrantReadWriteLock();

  private static final Set<Integer> OURS = ConcurrentHashMap.newKeySet();

  private Orphans() {}

  /** Begins to wait for orphans, if this process is the one that gets them. */
  public static void reapIfFirst() {
    if (ProcessCalls.getpid() == FIRST) {
      Thread thread = new Thread(Orphans::reap, "orphans");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Starts a program of ours; returns its process id. */
  static int start(IntSupplier spawn) {
    STARTS.readLock().lock();
    try {
      int pid = spawn.getAsInt();
      OURS.add(pid);
      return pid;
    } finally {
      STARTS.readLock().unlock();
    }
  }

  /** Says that a program of ours has been waited for. */
  static void ended(int pid) {
    OURS.remove(pid);
  }

  private static void reap() {
    while (true) {
      Integer pid = ProcessCalls.endedChild();
      if (pid == null || !isOrphan(pid)) {
        pause();
      } else {
        ProcessCalls.reap(pid);
      }
    }
  }

  private static boolean isOrphan(int pid) {
    STARTS.writeLock().lock();
    try {
      return !OURS.contains(pid);
    } finally {
      STARTS.writeLock().unlock();
    }
  }

  /** Until there is a child at all, or until the program that has ended has been waited for. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
