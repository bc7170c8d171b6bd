package dev.sluice.os;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the file system that we have made and are to remove: it is found again in the
 * directory where it was made, whatever the working directory and root are by then, and only while
 * it is still what was made. See unlinkat(2).
 *
 * <p>Make it on the thread that made the entry, under the same process options. Holds a descriptor
 * of the directory until it is removed or closed.
 */
public final class DirectoryEntry implements AutoCloseable {
  private static final long SYS_FCHMODAT2 = 452;
  private static final int AT_EMPTY_PATH = 0x1000;

  private final String path;
  private final String name;
  private final Fd directory;
  private final FileStatus made;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DirectoryEntry(String path, String name, Fd directory, FileStatus made) {
    this.path = path;
    this.name = name;
    this.directory = directory;
    this.made = made;
  }

  /** The entry that has this path now; a link is meant itself, not what it leads to. */
  public static DirectoryEntry of(String path) {
    int slash = path.lastIndexOf('/');
    String folder = slash < 0 ? "." : path.substring(0, Math.max(1, slash));
    String name = path.substring(slash + 1);
    Fd directory = LibC.open(folder, OpenFlags.PATH | OpenFlags.DIRECTORY, 0);
    try {
      FileStatus made = LibC.statAt(directory, name);
      if (made == null) {
        throw new NativeError("stat(\"" + path + "\")", Errno.ENOENT);
      }
      return new DirectoryEntry(path, name, directory, made);
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
      LibC.unlink(path);
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
    try (directory) {
      FileStatus now = LibC.statAt(directory, name);
      if (now == null) {
        return Errno.text(Errno.ENOENT);
      }
      if (!now.isSameFile(made)) {
        return "somebody else's by now, left where it is";
      }
      int result = LibC.unlinkAt(directory, name);
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
    }
  }

  /** What changes an entry through a descriptor of it; 0 or {@code -errno}. */
  private interface Change {
    int of(Fd entry);
  }

  private void change(String call, Change change) {
    int result;
    try (Fd entry = LibC.openAt(directory, name, OpenFlags.PATH | OpenFlags.NOFOLLOW)) {
      result = LibC.fstat(entry.number()).isSameFile(made) ? change.of(entry) : -Errno.ENOENT;
    }
    LibC.check(result, call);
  }

  /** Sets its mode, as chmod(2) does, but never that of another file that a link leads to. */
  public void chmod(int mode) {
    change(
        "chmod(\"" + path + "\", 0" + Integer.toOctalString(mode) + ")",
        entry -> {
          NativeBuffer empty = NativeBuffer.ofCString("");
          int result =
              LibC.call("syscall", SYS_FCHMODAT2, entry.number(), empty, mode, AT_EMPTY_PATH);
          if (result != 0) { // before Linux 6.6
            result = LibC.pathCall("chmod", "/proc/thread-self/fd/" + entry.number(), mode);
          }
          if (result == -Errno.ENOENT) { // a root without /proc
            result =
                LibC.call("fchmodat", directory.number(), NativeBuffer.ofCString(name), mode, 0);
          }
          return result;
        });
  }

  /** Sets its owner, as lchown(2) does; -1 leaves an id as it is. */
  public void chown(int uid, int gid) {
    change(
        "chown(\"" + path + "\", " + uid + ", " + gid + ")",
        entry ->
            LibC.call(
                "fchownat", entry.number(), NativeBuffer.ofCString(""), uid, gid, AT_EMPTY_PATH));
  }
}
