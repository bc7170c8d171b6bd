package dev.sluice.os;

import org.jspecify.annotations.Nullable;

/**
 * Files and their entries in file systems, call by call. As with {@link LibC}, what can only go
 * wrong throws {@link NativeError}.
 */
public final class FileCalls {
  /** As {@link LibC#check}, for a call with a path that may not be for us. */
  private static void checkPath(int result, String call, String path) {
    if (result == -Errno.EACCES) {
      String whose = PathHint.denied(path); // as this thread sees the path
      throw new NativeError(call, Errno.EACCES, () -> whose);
    }
    LibC.check(result, call);
  }

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private FileCalls() {}

  /** open(2) with O_CLOEXEC added. */
  public static Fd open(String path, int flags, int mode) {
    int fd;
    do {
      fd = pathCall("open", path, flags | OpenFlags.CLOEXEC, mode);
    } while (fd == -Errno.EINTR);
    checkPath(
        fd,
        "open(\""
            + path
            + "\", 0"
            + Integer.toOctalString(flags)
            + ", 0"
            + Integer.toOctalString(mode)
            + ")",
        path);
    return Fd.owned(fd);
  }

  static int pathCall(String function, String path, Object... rest) {
    Object[] arguments = new Object[rest.length + 1];
    arguments[0] = NativeBuffer.ofCString(path);
    System.arraycopy(rest, 0, arguments, 1, rest.length);
    return NativeCalls.call(function, arguments);
  }

  /**
   * Whether a file can be executed, by access(2): 0 or {@code -errno}. Far cheaper than a spawn
   * that fails. Asks for the user that the thread has, without the capabilities that it may have
   * kept ({@link ScopedThread#setUserOfProgram}).
   */
  static int accessExecutable(String path) {
    return pathCall("access", path, 1);
  }

  /** unlink(2); 0 or {@code -errno}. */
  public static int unlink(String path) {
    return pathCall("unlink", path);
  }

  /** mkfifo(3); 0 or {@code -errno}. */
  public static int mkfifo(String path, int mode) {
    return pathCall("mkfifo", path, mode);
  }

  /** chmod(2). */
  public static void chmod(String path, int mode) {
    LibC.check(
        pathCall("chmod", path, mode),
        "chmod(\"" + path + "\", 0" + Integer.toOctalString(mode) + ")");
  }

  /** chown(2); −1 leaves an id as it is. */
  public static void chown(String path, int uid, int gid) {
    LibC.check(
        pathCall("chown", path, uid, gid), "chown(\"" + path + "\", " + uid + ", " + gid + ")");
  }

  /** link(2); 0 or {@code -errno}. */
  public static int link(String existing, String name) {
    return pathCall("link", existing, NativeBuffer.ofCString(name));
  }

  /** readlink(2); empty when there is no link by that name. */
  static String readlink(String path) {
    NativeBuffer target = NativeBuffer.allocate(4096);
    int length = pathCall("readlink", path, target, 4095);
    return length < 0 ? "" : target.getCString();
  }

  /** symlink(2); 0 or {@code -errno}. */
  public static int symlink(String target, String name) {
    return pathCall("symlink", target, NativeBuffer.ofCString(name));
  }

  /** stat(2) by path, or null when there is none by that name. */
  public static @Nullable FileStatus stat(String path) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    int result = pathCall("stat", path, status);
    if (result == -Errno.ENOENT) {
      return null;
    }
    checkPath(result, "stat(\"" + path + "\")", path);
    return FileStatus.of(status);
  }

  /** What an entry of a directory is, a link itself; null when there is none by that name. */
  static @Nullable FileStatus statAt(Fd directory, String name) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    int result =
        NativeCalls.call(
            "fstatat",
            directory.number(),
            NativeBuffer.ofCString(name),
            status,
            AT_SYMLINK_NOFOLLOW);
    if (result == -Errno.ENOENT) {
      return null;
    }
    LibC.check(result, "fstatat(" + directory + ", \"" + name + "\")");
    return FileStatus.of(status);
  }

  /** unlinkat(2) of what is no directory; 0 or {@code -errno}. */
  static int unlinkAt(Fd directory, String name) {
    return NativeCalls.call("unlinkat", directory.number(), NativeBuffer.ofCString(name), 0);
  }

  /** openat(2) with O_CLOEXEC added. */
  static Fd openAt(Fd directory, String name, int flags) {
    int fd =
        NativeCalls.call(
            "openat",
            directory.number(),
            NativeBuffer.ofCString(name),
            flags | OpenFlags.CLOEXEC,
            0);
    LibC.check(fd, "openat(" + directory + ", \"" + name + "\")");
    return Fd.owned(fd);
  }

  /** fstat(2). */
  public static FileStatus fstat(int fd) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    LibC.check(NativeCalls.call("fstat", fd, status), "fstat(" + fd + ")");
    return FileStatus.of(status);
  }

  /** fchmod(2). */
  public static void fchmod(int fd, int mode) {
    LibC.check(
        NativeCalls.call("fchmod", fd, mode),
        "fchmod(" + fd + ", 0" + Integer.toOctalString(mode) + ")");
  }

  /** fchown(2); −1 leaves an id as it is. */
  public static void fchown(int fd, int uid, int gid) {
    LibC.check(
        NativeCalls.call("fchown", fd, uid, gid), "fchown(" + fd + ", " + uid + ", " + gid + ")");
  }
}
