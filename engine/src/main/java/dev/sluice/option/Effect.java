package dev.sluice.option;

/** What an option does. There is one applier for each kind; see {@link OptionApplier}. */
public sealed interface Effect {
  /** Nothing by itself: code reads the value through the row, with {@link Options#get}. */
  record Setting() implements Effect {}

  /** setsockopt(2) with the value in the form that the option's type has. */
  record SocketOption(int level, int name) implements Effect {}

  /** setsockopt(2) where the value holds level and name too. */
  record AnySocketOption() implements Effect {}

  /**
   * setsockopt(2) that keeps what is set already: the value is added to what getsockopt(2) tells.
   */
  record AppendedSocketOption(int level, int name) implements Effect {}

  /** The access mode of open(2), whatever the value. */
  record AccessMode(int mode) implements Effect {}

  /** A flag of open(2), set by a true value and cleared by a false one. */
  record OpenFlag(int mask) implements Effect {}

  /** A flag that open(2) takes and that fcntl(2) with F_SETFL can change later. */
  record StatusFlag(int mask) implements Effect {}

  /** fcntl(2) with the value as argument. */
  record Fcntl(int command) implements Effect {}

  /** ioctl(2) where the value holds the request. */
  record Ioctl() implements Effect {}

  /** ioctl(2) of a fixed request with a pointer to the value. */
  record IoctlRequest(long request) implements Effect {}

  /** A lock on the whole file by fcntl(2). */
  record RecordLock(boolean exclusive, boolean waits) implements Effect {}

  /** flock(2). */
  record FileLock(int operation) implements Effect {}

  /** lseek(2). */
  record Seek(int whence) implements Effect {}

  /** ftruncate(2). */
  record Truncate() implements Effect {}

  /** unlink(2) of the path; it need not be there. */
  record Unlink() implements Effect {}

  /** chmod(2) of the path, if it is there. */
  record PathMode() implements Effect {}

  /** chown(2) of the path, if it is there: the user, or the group. */
  record PathOwner(boolean group) implements Effect {}

  /**
   * fchmod(2) on the open descriptor, or chmod(2) of the path where the address is known by one.
   */
  record ChangeMode() implements Effect {}

  /** fchown(2) on the open descriptor, or chown(2) of the path: the user, or the group. */
  record ChangeOwner(boolean group) implements Effect {}

  /** An attribute of ext2-like file systems, see ioctl_iflags(2). */
  record FileAttribute(int mask) implements Effect {}

  /** A flag of a network interface, set by a true value and cleared by a false one. */
  record InterfaceFlag(int mask) implements Effect {}

  /** A flag of the resolver, set by a true value and cleared by a false one. */
  record ResolverFlag(int mask) implements Effect {}
}
