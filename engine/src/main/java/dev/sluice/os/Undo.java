package dev.sluice.os;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * What must be undone before the process ends, on every way out: paths to remove, terminals to put
 * back. Usually whoever did it undoes it; what is left is for the one who ends the process. Running
 * it undoes the thing now, once. Thread-safe.
 */
public final class Undo implements Runnable {
  /** Has nothing to undo. */
  public static final Undo NOTHING = new Undo(() -> {});

  private static final Set<Undo> PENDING = new LinkedHashSet<>();

  /** Read by who makes something, written by the end of the process. */
  private static final ReentrantReadWriteLock STEPS = new ReentrantReadWriteLock();

  /** How long the end waits for a system call that makes something, in seconds. */
  private static final long PATIENCE = 2;

  private final Runnable action;

  private Undo(Runnable action) {
    this.action = action;
  }

  /** Registers an action. */
  public static Undo register(Runnable action) {
    Undo undo = new Undo(action);
    synchronized (PENDING) {
      PENDING.add(undo);
    }
    return undo;
  }

  /**
   * Makes something and registers its undoing, with no end of the process between the two. The work
   * must not wait for others.
   */
  public static <T> T step(Supplier<T> work) {
    STEPS.readLock().lock();
    try {
      return work.get();
    } finally {
      STEPS.readLock().unlock();
    }
  }

  /**
   * Removes at the end the entry that has this path now, where it is now, unless it is somebody
   * else's by then; see {@link DirectoryEntry}. Does nothing when there is no such entry.
   */
  public static Undo unlink(String path) {
    try {
      DirectoryEntry entry = DirectoryEntry.of(path);
      return register(entry::remove);
    } catch (NativeError e) {
      if (e.errno() == Errno.ENOENT) {
        return NOTHING;
      }
      throw e;
    }
  }

  /** The process does not end between the two, though nothing is left for its end to undo. */
  @Override
  public void run() {
    step(
        () -> {
          boolean first = cancel();
          if (first) {
            action.run();
          }
          return first;
        });
  }

  /** Leaves the thing as it is; returns whether there was still something to undo. */
  public boolean cancel() {
    synchronized (PENDING) {
      return PENDING.remove(this);
    }
  }

  /** Whether something is left to undo. */
  public static boolean isPending() {
    synchronized (PENDING) {
      return !PENDING.isEmpty();
    }
  }

  /**
   * Undoes all that is left, the latest first, then ends the process. From its start on nothing new
   * is made.
   *
   * @param exit ends the process
   */
  public static void allThen(Runnable exit) {
    boolean alone = false;
    try {
      alone = STEPS.writeLock().tryLock(PATIENCE, TimeUnit.SECONDS);
      runAll();
      exit.run();
    } catch (InterruptedException e) {
      runAll();
      exit.run();
    } finally {
      if (alone) {
        STEPS.writeLock().unlock();
      }
    }
  }

  private static void runAll() {
    List<Undo> left;
    synchronized (PENDING) {
      left = new ArrayList<>(PENDING);
    }
    for (int i = left.size() - 1; i >= 0; i--) {
      left.get(i).run();
    }
  }
}
