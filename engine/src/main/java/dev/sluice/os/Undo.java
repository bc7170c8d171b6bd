package dev.sluice.os;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What must be undone before the process ends, on every way out: paths to remove, terminals to put
 * back. Usually whoever did it undoes it; what is left is for the one who ends the process.
 * Thread-safe.
 */
public final class Undo {
  private static final Set<Undo> PENDING = new LinkedHashSet<>();

  private final Runnable action;

  private Undo(Runnable action) {
    this.action = action;
  }

  /** Registers an action; what is returned runs it, once, and at once. */
  public static Runnable register(Runnable action) {
    Undo undo = new Undo(action);
    synchronized (PENDING) {
      PENDING.add(undo);
    }
    return undo::run;
  }

  /**
   * Removes at the end the entry that has this path now, where it is now, unless it is somebody
   * else's by then; see {@link DirectoryEntry}. Does nothing when there is no such entry.
   */
  public static Runnable unlink(String path) {
    try {
      DirectoryEntry entry = DirectoryEntry.of(path);
      return register(entry::remove);
    } catch (NativeError e) {
      if (e.errno() == Errno.ENOENT) {
        return () -> {};
      }
      throw e;
    }
  }

  private void run() {
    boolean mine;
    synchronized (PENDING) {
      mine = PENDING.remove(this);
    }
    if (mine) {
      action.run();
    }
  }

  /** Runs all that is left, the latest first. */
  public static void runAll() {
    List<Undo> left;
    synchronized (PENDING) {
      left = new ArrayList<>(PENDING);
    }
    for (int i = left.size() - 1; i >= 0; i--) {
      left.get(i).run();
    }
  }
}
