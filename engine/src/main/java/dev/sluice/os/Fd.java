package dev.sluice.os;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor and its owner.
 *
 * <p>An owned descriptor is closed exactly once, by {@link #close()}; a borrowed one (inherited
 * stdio, {@code FD:3}) is never closed here unless {@link #takeOver()} made it ours. Thread-safe.
 */
public final class Fd implements AutoCloseable {
  /** O_ACCMODE. */
  private static final int ACCESS_MODE = 3;

  private final int number;
  private final boolean duplicate;
  private volatile boolean owned;
  private volatile boolean closed;
  private int holders;
  private boolean replaced;

  private Fd(int number, boolean owned, boolean duplicate) {
    this.number = number;
    this.owned = owned;
    this.duplicate = duplicate;
  }

  public static Fd owned(int number) {
    return new Fd(number, true, false);
  }

  public static Fd borrowed(int number) {
    return new Fd(number, false, false);
  }

  /** The number that the kernel knows it by. */
  public int number() {
    return number;
  }

  public boolean isOwned() {
    return owned;
  }

  public boolean isClosed() {
    return closed;
  }

  /** From now on {@link #close()} closes it. */
  public void takeOver() {
    owned = true;
  }

  /**
   * Another descriptor for the same open file, owned, close-on-exec. See fcntl(2), F_DUPFD_CLOEXEC.
   */
  public Fd duplicate() {
    return duplicate(3);
  }

  /** As {@link #duplicate()}, with a number that is not below {@code least}. */
  Fd duplicate(int least) {
    int copy =
        LibC.check(
            LibC.fcntl(number, LibC.F_DUPFD_CLOEXEC, least),
            "fcntl(" + number + ", F_DUPFD_CLOEXEC)");
    return new Fd(copy, true, true);
  }

  /** Whether the open file outlives this descriptor, because it is a copy of another. */
  public boolean isDuplicate() {
    return duplicate;
  }

  /** Sets or clears O_NONBLOCK; only for descriptors that no other process shares. */
  public void setNonBlocking(boolean on) {
    int flags = LibC.check(LibC.fcntl(number, LibC.F_GETFL, 0), "fcntl(" + number + ", F_GETFL)");
    int wanted = on ? flags | OpenFlags.NONBLOCK : flags & ~OpenFlags.NONBLOCK;
    if (wanted != flags) {
      LibC.check(
          LibC.fcntl(number, LibC.F_SETFL, wanted),
          "fcntl(" + number + ", F_SETFL, " + wanted + ")");
    }
  }

  /**
   * Sets O_NONBLOCK on a descriptor that others may share.
   *
   * @return puts it back as it was, through a copy of its own, for this descriptor may be closed
   *     first
   */
  public Undo makeNonBlocking() {
    int flags = LibC.check(LibC.fcntl(number, LibC.F_GETFL, 0), "fcntl(" + number + ", F_GETFL)");
    if ((flags & OpenFlags.NONBLOCK) != 0) {
      return Undo.NOTHING;
    }
    Fd copy = duplicate();
    setNonBlocking(true);
    return Undo.register(
        () -> {
          copy.setNonBlocking(false);
          copy.close();
        });
  }

  /** Whether it was opened for reading. */
  public boolean isReadable() {
    return accessMode() == OpenFlags.RDONLY || accessMode() == OpenFlags.RDWR;
  }

  /** Whether it was opened for writing. */
  public boolean isWritable() {
    return accessMode() == OpenFlags.WRONLY || accessMode() == OpenFlags.RDWR;
  }

  /** {@code O_RDONLY} and its like; less than zero when it isn't open. */
  private int accessMode() {
    int flags = LibC.fcntl(number, LibC.F_GETFL, 0);
    return flags < 0 ? flags : flags & ACCESS_MODE;
  }

  /** Sets or clears close-on-exec. */
  public void setCloseOnExec(boolean on) {
    LibC.check(
        LibC.fcntl(number, LibC.F_SETFD, on ? 1 : 0),
        "fcntl(" + number + ", F_SETFD, " + (on ? 1 : 0) + ")");
  }

  /**
   * Keeps the number taken until {@link #release()}, because a thread may still use it. A {@link
   * #close()} before that lets the file go, and leaves a {@link DeadSocket} in its place.
   */
  public synchronized void hold() {
    holders++;
  }

  /** Ends one {@link #hold()}; the last one frees the number of a closed descriptor. */
  public synchronized void release() {
    holders--;
    if (holders == 0 && replaced) {
      replaced = false;
      LibC.close(number);
    }
  }

  /**
   * Does something that names the number to the kernel, unless the descriptor is closed: a {@link
   * #close()} by another thread waits, so that the number is not another file's meanwhile.
   *
   * @return what the action returns; null if the descriptor is closed
   */
  public synchronized <T> @Nullable T whileOpen(Supplier<T> action) {
    return closed ? null : action.get();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!owned) {
      return;
    }
    if (holders == 0) {
      LibC.close(number);
    } else {
      replaced = true;
      DeadSocket.replace(number);
    }
  }

  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
