package dev.sluice.os;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the file system that we have made and are to remove: it is found again in the
 * directory where it was made, whatever the working directory and root are by then, and only while
 * it is still what was made. See unlinkat(2).
 *
 * <p>Make it on the thread that made the entry, under the same process options. Holds descriptors
 * of the directory and of the entry until it is removed or closed: while the entry is held, no
 * other file gets its number.
 */
public final class DirectoryEntry implements AutoCloseable {
  private static final long SYS_FCHMODAT2 = 452;
  private static final int AT_EMPTY_PATH = 0x1000;

  private final String path;
  private final String name;
  private final Fd directory;
  private final Fd entry;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DirectoryEntry(String path, String name, Fd directory, Fd entry) {
    this.path = path;
    this.name = name;
    this.directory = directory;
    this.entry = entry;
  }

  /** The entry that has this path now; a link is meant itself, not what it leads to. */
  public static DirectoryEntry of(String path) {
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "." : path.substring(0, Math.max(1, slash));
    String name = path.substring(slash + 1);
    Fd directory = FileCalls.open(folder, OpenFlags.PATH | OpenFlags.DIRECTORY, 0);
    try {
      Fd entry = FileCalls.openAt(directory, name, OpenFlags.PATH | OpenFlags.NOFOLLOW);
      return new DirectoryEntry(path, name, directory, entry);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** As {@link #of}, of what was made just now; it is removed when this fails. */
  public static DirectoryEntry ofNew(String path) {
    try {
      return of(path);
    } catch (NativeError e) {
      FileCalls.unlink(path);
      throw e;
    }
  }

  /**
   * Removes the entry and closes this; later calls do nothing.
   *
   * @return why it is still there or has been gone before, in a few words; null otherwise
   */
  public @Nullable String remove() {
    if (!closed.compareAndSet(false, true)) {
      return null;
    }
    try (directory;
        entry) {
      FileStatus now = FileCalls.statAt(directory, name);
      if (now == null) {
        return Errno.text(Errno.ENOENT);
      }
      if (!now.isSameFile(FileCalls.fstat(entry.number()))) {
        return "somebody else's by now, left where it is";
      }
      int result = FileCalls.unlinkAt(directory, name);
      return result < 0 ? Errno.text(-result) : null;
    } catch (NativeError e) {
      return e.reason();
    }
  }

  /** Leaves the entry where it is. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      directory.close();
      entry.close();
    }
  }

  /** Sets its mode, as chmod(2) does, but never that of another file that a link leads to. */
  public void chmod(int mode) {
    NativeBuffer empty = NativeBuffer.ofCString("");
    int result =
        NativeCalls.call("syscall", SYS_FCHMODAT2, entry.number(), empty, mode, AT_EMPTY_PATH);
    if (result != 0) { // before Linux 6.6
      result = FileCalls.pathCall("chmod", "/proc/thread-self/fd/" + entry.number(), mode);
    }
    if (result == -Errno.ENOENT) { // a root without /proc
      result =
          NativeCalls.call("fchmodat", directory.number(), NativeBuffer.ofCString(name), mode, 0);
    }
    LibC.check(result, "chmod(\"" + path + "\", 0" + Integer.toOctalString(mode) + ")");
  }

  /** Sets its owner, as lchown(2) does; -1 leaves an id as it is. */
  public void chown(int uid, int gid) {
    NativeBuffer empty = NativeBuffer.ofCString("");
    int result = NativeCalls.call("fchownat", entry.number(), empty, uid, gid, AT_EMPTY_PATH);
    LibC.check(result, "chown(\"" + path + "\", " + uid + ", " + gid + ")");
  }
}
