package dev.sluice.option;

import dev.sluice.os.Accounts;
import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.OpenFlags;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What options do to files and other descriptors, and to their entries in a file system. */
public final class FileEffects {
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;
  private static final int FLOCK_SIZE = 32;
  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;

  private FileEffects() {}

  /**
   * A flag that open(2) takes and that fcntl(2) with F_SETFL can change later. A descriptor that a
   * poller serves must stay non-blocking, so there {@code nonblock=0} is ignored.
   */
  public record StatusFlag(int mask) implements Effect.OnDescriptor, Effect.OnOpening {
    @Override
    public int flags(int before, @Nullable Object value) {
      return Effect.with(before, mask, value);
    }

    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      int flags =
          LibC.check(LibC.fcntl(fd.number(), LibC.F_GETFL, 0), "fcntl(" + fd + ", F_GETFL)");
      int wanted = Effect.with(flags, mask, value);
      boolean wouldBlock = mask == OpenFlags.NONBLOCK && !((Boolean) value) && fd.isOwned();
      if (wanted != flags && !wouldBlock) {
        LibC.check(
            LibC.fcntl(fd.number(), LibC.F_SETFL, wanted),
            "fcntl(" + fd + ", F_SETFL, 0" + Integer.toOctalString(wanted) + ")");
      }
    }
  }

  /** fcntl(2) with the value as argument. */
  public record Fcntl(int command) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      int argument = value instanceof Boolean on ? (on ? 1 : 0) : (Integer) value;
      LibC.check(
          LibC.fcntl(fd.number(), command, argument),
          "fcntl(" + fd + ", " + command + ", " + argument + ")");
    }
  }

  /** ioctl(2) where the value holds the request. */
  public record Ioctl() implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      if (!(value instanceof OptionType.Numbered<?> request)) {
        ioctl(fd, Integer.toUnsignedLong((Integer) value), 0, "NULL");
        return;
      }
      long number = Integer.toUnsignedLong(request.number());
      if (type == OptionType.INT_INT) {
        int argument = (Integer) request.value();
        ioctl(fd, number, argument, "0x" + Integer.toHexString(argument));
      } else {
        ioctlByPointer(fd, number, NativeValue.of(type, request.value()));
      }
    }

    private static void ioctl(Fd fd, long request, int argument, String shown) {
      LibC.check(
          LibC.ioctl(fd.number(), request, argument),
          "ioctl(" + fd + ", 0x" + Long.toHexString(request) + ", " + shown + ")");
    }
  }

  /** ioctl(2) of a fixed request with a pointer to the value. */
  public record IoctlRequest(long request) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      ioctlByPointer(fd, request, NativeValue.of(OptionType.INT, value));
    }
  }

  private static void ioctlByPointer(Fd fd, long request, NativeValue value) {
    int result = LibC.ioctl(fd.number(), request, NativeBuffer.of(value.bytes()));
    LibC.check(
        result, "ioctl(" + fd + ", 0x" + Long.toHexString(request) + ", " + value.shown() + ")");
  }

  /**
   * A lock on the whole file by fcntl(2), on behalf of the open descriptor (F_OFD_SETLK): the usual
   * locks belong to a process, so two relays in this one would not notice each other. Both kinds
   * respect one another.
   */
  public record RecordLock(boolean exclusive, boolean waits) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      if (!(Boolean) value) {
        return;
      }
      NativeBuffer request = NativeBuffer.allocate(FLOCK_SIZE);
      request.putShort(0, exclusive ? F_WRLCK : F_RDLCK);
      request.putLong(16, Long.MAX_VALUE);
      int result = LibC.fcntl(fd.number(), waits ? F_OFD_SETLKW : F_OFD_SETLK, request);
      String lock = exclusive ? "F_WRLCK" : "F_RDLCK";
      int command = waits ? LibC.F_SETLKW : LibC.F_SETLK;
      LibC.check(
          result,
          "fcntl("
              + fd
              + ", "
              + command
              + ", {type="
              + lock
              + ",whence=SEEK_SET,start=0,len=LONG_MAX,pid=0})");
    }
  }

  /** flock(2). */
  public record FileLock(int operation) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      if ((Boolean) value) {
        LibC.flock(fd.number(), operation);
      }
    }
  }

  /** lseek(2). */
  public record Seek(int whence) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      LibC.lseek(fd.number(), (Long) value, whence);
    }
  }

  /** ftruncate(2). */
  public record Truncate() implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      LibC.ftruncate(fd.number(), (Long) value);
    }
  }

  /** An attribute of ext2-like file systems, see ioctl_iflags(2). */
  public record FileAttribute(int mask) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      NativeBuffer flags = NativeBuffer.allocate(Long.BYTES);
      LibC.check(
          LibC.ioctl(fd.number(), FS_IOC_GETFLAGS, flags),
          "ioctl(" + fd + ", 0x" + Long.toHexString(FS_IOC_GETFLAGS) + ")");
      int wanted = Effect.with(flags.getInt(0), mask, value);
      flags.putInt(0, wanted);
      LibC.check(
          LibC.ioctl(fd.number(), FS_IOC_SETFLAGS, flags),
          "ioctl("
              + fd
              + ", 0x"
              + Long.toHexString(FS_IOC_SETFLAGS)
              + ", {0x"
              + Integer.toHexString(wanted)
              + "})");
    }
  }

  /** chmod(2) of the path, if it is there. */
  public record PathMode() implements Effect.OnPath {
    @Override
    public void apply(String path, Object value) {
      FileCalls.chmod(path, (Integer) value);
    }

    @Override
    public Consumer<DirectoryEntry> change(Object value) {
      int mode = (Integer) value;
      return entry -> entry.chmod(mode);
    }
  }

  /** chown(2) of the path, if it is there: the user, or the group. */
  public record PathOwner(boolean group) implements Effect.OnPath {
    @Override
    public void apply(String path, Object value) {
      FileCalls.chown(path, userOf(group, value), groupOf(group, value));
    }

    @Override
    public Consumer<DirectoryEntry> change(Object value) {
      int user = userOf(group, value);
      int newGroup = groupOf(group, value);
      return entry -> entry.chown(user, newGroup);
    }
  }

  /**
   * fchmod(2) on the open descriptor, or chmod(2) of the path where the address is known by one.
   */
  public record ChangeMode() implements Effect.OnDescriptor, Effect.OnPath {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      FileCalls.fchmod(fd.number(), (Integer) value);
    }

    @Override
    public void apply(String path, Object value) {
      new PathMode().apply(path, value);
    }

    @Override
    public Consumer<DirectoryEntry> change(Object value) {
      return new PathMode().change(value);
    }
  }

  /** fchown(2) on the open descriptor, or chown(2) of the path: the user, or the group. */
  public record ChangeOwner(boolean group) implements Effect.OnDescriptor, Effect.OnPath {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      FileCalls.fchown(fd.number(), userOf(group, value), groupOf(group, value));
    }

    @Override
    public void apply(String path, Object value) {
      new PathOwner(group).apply(path, value);
    }

    @Override
    public Consumer<DirectoryEntry> change(Object value) {
      return new PathOwner(group).change(value);
    }
  }

  private static int userOf(boolean isGroup, Object name) {
    return isGroup ? -1 : Accounts.uid((String) name);
  }

  private static int groupOf(boolean isGroup, Object name) {
    return isGroup ? Accounts.gid((String) name) : -1;
  }
}
