package dev.sluice.option;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Accounts;
import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.PseudoTerminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does what options say, phase by phase, in written order; see {@link Effect}.
 *
 * <p>A refused system call comes out as {@link NativeError}, a user, host or interface that does
 * not exist as {@link Accounts.Unknown} or {@link OptionType.BadValue}. Waits for locks and for
 * name look-ups, so it belongs on a thread that may block.
 */
public final class OptionApplier {
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;
  private static final int FLOCK_SIZE = 32;
  private static final long FS_IOC_GETFLAGS = 0x80086601L;
  private static final long FS_IOC_SETFLAGS = 0x40086602L;

  private OptionApplier() {}

  /**
   * Applies to an open descriptor every option of {@code phase} that acts upon descriptors.
   *
   * @param handled options that the caller took care of itself, such as the mode of a file it
   *     created
   */
  public static void apply(
      Phase phase, Fd fd, Options options, RelayLog log, Option<?>... handled) {
    apply(phase, effect -> fd, options, log, handled);
    TerminalSettings.apply(phase, fd, options);
  }

  /**
   * As {@link #apply}, for a pseudo terminal: what concerns the terminal or its entry in the file
   * system is done to the slave, everything else to the master.
   */
  public static void apply(Phase phase, PseudoTerminal pty, Options options, RelayLog log) {
    apply(phase, effect -> isPathEffect(effect) ? pty.slave() : pty.master(), options, log);
    TerminalSettings.apply(phase, pty.slave(), options);
  }

  private static void apply(
      Phase phase,
      Function<Effect, Fd> target,
      Options options,
      RelayLog log,
      Option<?>... handled) {
    for (OptionValue<?> given : options.of(phase)) {
      Effect effect = given.option().effect();
      if (given.value() != null
          && !(effect instanceof Effect.Terminal)
          && !List.of(handled).contains(given.option())) {
        Fd fd = target.apply(effect);
        apply(given, given.value(), fd);
        log.debug("option \"%s\" applied to %s", given.option(), fd);
      }
    }
  }

  /**
   * Applies to a path every option of {@code phase} that acts upon paths: removal, and in the
   * phases before the path is opened, or for paths of sockets and terminals also afterwards, mode
   * and owner. What is missing is left alone.
   */
  public static void applyToPath(Phase phase, String path, Options options, RelayLog log) {
    removePath(phase, path, options, log);
    for (OptionValue<?> given : options.of(phase)) {
      Object value = given.value();
      Effect effect = given.option().effect();
      if (isPathEffect(effect) && value != null && LibC.stat(path) != null) {
        changePath(effect, path, value);
      }
    }
  }

  /** Removes a path if options of {@code phase} ask for that. */
  public static void removePath(Phase phase, String path, Options options, RelayLog log) {
    for (OptionValue<?> given : options.of(phase)) {
      if (given.option().effect() instanceof Effect.Unlink && Boolean.TRUE.equals(given.value())) {
        unlink(path, log);
      }
    }
  }

  /** Gives an entry that we have made the mode and owner that options of {@code phase} ask for. */
  public static void applyToEntry(Phase phase, DirectoryEntry entry, Options options) {
    changesOfEntry(options, phase).forEach(change -> change.accept(entry));
  }

  /**
   * What is to be done to an entry in these phases, with all names of users and groups looked up,
   * so that no time passes between the changes.
   */
  public static List<Consumer<DirectoryEntry>> changesOfEntry(Options options, Phase... phases) {
    List<Consumer<DirectoryEntry>> changes = new ArrayList<>();
    for (Phase phase : phases) {
      for (OptionValue<?> given : options.of(phase)) {
        Object value = given.value();
        Effect effect = given.option().effect();
        if (isPathEffect(effect) && value != null) {
          changes.add(change(effect, value));
        }
      }
    }
    return changes;
  }

  private static Consumer<DirectoryEntry> change(Effect effect, Object value) {
    if (effect instanceof Effect.PathMode || effect instanceof Effect.ChangeMode) {
      int mode = (Integer) value;
      return entry -> entry.chmod(mode);
    }
    if (isGroup(effect)) {
      int group = Accounts.gid((String) value);
      return entry -> entry.chown(-1, group);
    }
    int user = Accounts.uid((String) value);
    return entry -> entry.chown(user, -1);
  }

  private static boolean isPathEffect(Effect effect) {
    return effect instanceof Effect.PathMode
        || effect instanceof Effect.PathOwner
        || effect instanceof Effect.ChangeMode
        || effect instanceof Effect.ChangeOwner;
  }

  private static void changePath(Effect effect, String path, Object value) {
    if (effect instanceof Effect.PathMode || effect instanceof Effect.ChangeMode) {
      LibC.chmod(path, (Integer) value);
    } else if (isGroup(effect)) {
      LibC.chown(path, -1, Accounts.gid((String) value));
    } else {
      LibC.chown(path, Accounts.uid((String) value), -1);
    }
  }

  private static boolean isGroup(Effect effect) {
    return (effect instanceof Effect.PathOwner path && path.group())
        || (effect instanceof Effect.ChangeOwner open && open.group());
  }

  private static void unlink(String path, RelayLog log) {
    int result = LibC.unlink(path);
    if (result == 0) {
      log.info("removed existing \"%s\"", path);
    } else if (result != -Errno.ENOENT) {
      throw new NativeError("unlink(\"" + path + "\")", -result);
    }
  }

  /** The flags for open(2): {@code base} with what the options set, clear, or force. */
  public static int openFlags(Options options, int base) {
    int flags = base;
    for (OptionValue<?> given : options.inOrder()) {
      Effect effect = given.option().effect();
      if (effect instanceof Effect.AccessMode access) {
        flags = (flags & ~OpenFlags.ACCMODE) | access.mode();
      } else if (effect instanceof Effect.OpenFlag flag) {
        flags = with(flags, flag.mask(), given.value());
      } else if (effect instanceof Effect.StatusFlag flag) {
        flags = with(flags, flag.mask(), given.value());
      }
    }
    return flags;
  }

  /** The flags of an interface that has {@code base}: with what the options set or clear. */
  public static int interfaceFlags(Options options, int base) {
    int flags = base;
    for (OptionValue<?> given : options.inOrder()) {
      if (given.option().effect() instanceof Effect.InterfaceFlag flag) {
        flags = with(flags, flag.mask(), given.value());
      }
    }
    return flags;
  }

  /** The flags of a resolver that has {@code base}: with what the options set or clear. */
  public static long resolverFlags(Options options, long base) {
    long flags = base;
    for (OptionValue<?> given : options.inOrder()) {
      if (given.option().effect() instanceof Effect.ResolverFlag flag) {
        flags = (flags & ~flag.mask()) | (Boolean.TRUE.equals(given.value()) ? flag.mask() : 0);
      }
    }
    return flags;
  }

  private static int with(int flags, int mask, @Nullable Object on) {
    return Boolean.TRUE.equals(on) ? flags | mask : flags & ~mask;
  }

  /** Logs, at level I, what each option was set to. */
  public static void logSettings(Options options, RelayLog log) {
    for (OptionValue<?> given : options.inOrder()) {
      if (given.option().type() == OptionType.CONST) {
        log.info("setting option \"%s\"", given.option());
      } else {
        log.info("setting option \"%s\" to %s", given.option(), SettingText.of(given));
      }
    }
  }

  private static void apply(OptionValue<?> given, Object value, Fd fd) {
    Effect effect = given.option().effect();
    int number = fd.number();
    if (effect instanceof Effect.SocketOption socket) {
      setSocketOption(
          number, socket.level(), socket.name(), SocketValue.of(given.option().type(), value));
    } else if (effect instanceof Effect.AnySocketOption) {
      OptionType.Levelled<?> any = (OptionType.Levelled<?>) value;
      setSocketOption(
          number, any.level(), any.name(), SocketValue.of(given.option().type(), any.value()));
    } else if (effect instanceof Effect.AppendedSocketOption socket) {
      append(number, socket, (byte[]) value);
    } else if (effect instanceof Effect.StatusFlag flag) {
      setStatusFlag(fd, flag.mask(), (Boolean) value);
    } else if (effect instanceof Effect.Fcntl fcntl) {
      int argument = value instanceof Boolean on ? (on ? 1 : 0) : (Integer) value;
      LibC.check(
          LibC.fcntl(number, fcntl.command(), argument),
          "fcntl(" + fd + ", " + fcntl.command() + ", " + argument + ")");
    } else if (effect instanceof Effect.Ioctl) {
      ioctl(number, given.option().type(), value);
    } else if (effect instanceof Effect.IoctlRequest ioctl) {
      ioctlByPointer(number, ioctl.request(), SocketValue.of(OptionType.INT, value));
    } else {
      applyToFile(effect, value, fd);
    }
  }

  private static void applyToFile(Effect effect, Object value, Fd fd) {
    int number = fd.number();
    if (effect instanceof Effect.RecordLock lock) {
      if ((Boolean) value) {
        lock(number, lock);
      }
    } else if (effect instanceof Effect.FileLock lock) {
      if ((Boolean) value) {
        LibC.flock(number, lock.operation());
      }
    } else if (effect instanceof Effect.Seek seek) {
      LibC.lseek(number, (Long) value, seek.whence());
    } else if (effect instanceof Effect.Truncate) {
      LibC.ftruncate(number, (Long) value);
    } else if (effect instanceof Effect.ChangeMode) {
      LibC.fchmod(number, (Integer) value);
    } else if (effect instanceof Effect.ChangeOwner owner) {
      if (owner.group()) {
        LibC.fchown(number, -1, Accounts.gid((String) value));
      } else {
        LibC.fchown(number, Accounts.uid((String) value), -1);
      }
    } else if (effect instanceof Effect.FileAttribute attribute) {
      setAttribute(number, attribute.mask(), (Boolean) value);
    }
  }

  private static void setSocketOption(int fd, int level, int name, SocketValue value) {
    LibC.check(
        LibC.setsockopt(fd, level, name, value.bytes),
        "setsockopt("
            + fd
            + ", "
            + level
            + ", "
            + name
            + ", "
            + value.shown
            + ", "
            + value.bytes.length
            + ")");
  }

  private static void append(int fd, Effect.AppendedSocketOption option, byte[] addition) {
    byte[] present = LibC.getsockopt(fd, option.level(), option.name(), 256);
    byte[] all = java.util.Arrays.copyOf(present, present.length + addition.length);
    System.arraycopy(addition, 0, all, present.length, addition.length);
    setSocketOption(fd, option.level(), option.name(), new SocketValue(all, "{...}"));
  }

  /**
   * A descriptor that a poller serves must stay non-blocking, so there {@code nonblock=0} is
   * ignored.
   */
  private static void setStatusFlag(Fd fd, int mask, boolean on) {
    int flags = LibC.check(LibC.fcntl(fd.number(), LibC.F_GETFL, 0), "fcntl(" + fd + ", F_GETFL)");
    int wanted = with(flags, mask, on);
    if (wanted == flags || (!on && mask == OpenFlags.NONBLOCK && fd.isOwned())) {
      return;
    }
    LibC.check(
        LibC.fcntl(fd.number(), LibC.F_SETFL, wanted),
        "fcntl(" + fd + ", F_SETFL, 0" + Integer.toOctalString(wanted) + ")");
  }

  /**
   * Locks the whole file on behalf of the open descriptor (F_OFD_SETLK): the usual locks belong to
   * a process, so two relays in this one would not notice each other. Both kinds respect one
   * another.
   */
  private static void lock(int fd, Effect.RecordLock lock) {
    NativeBuffer request = NativeBuffer.allocate(FLOCK_SIZE);
    request.putShort(0, lock.exclusive() ? F_WRLCK : F_RDLCK);
    request.putLong(16, Long.MAX_VALUE);
    int result = LibC.fcntl(fd, lock.waits() ? F_OFD_SETLKW : F_OFD_SETLK, request);
    String type = lock.exclusive() ? "F_WRLCK" : "F_RDLCK";
    int command = lock.waits() ? LibC.F_SETLKW : LibC.F_SETLK;
    LibC.check(
        result,
        "fcntl("
            + fd
            + ", "
            + command
            + ", {type="
            + type
            + ",whence=SEEK_SET,start=0,len=LONG_MAX,pid=0})");
  }

  private static void ioctl(int fd, OptionType<?> type, Object value) {
    if (!(value instanceof OptionType.Numbered<?> request)) {
      long number = Integer.toUnsignedLong((Integer) value);
      LibC.check(
          LibC.ioctl(fd, number, 0), "ioctl(" + fd + ", 0x" + Long.toHexString(number) + ", NULL)");
      return;
    }
    long number = Integer.toUnsignedLong(request.number());
    if (type == OptionType.INT_INT) {
      int argument = (Integer) request.value();
      LibC.check(
          LibC.ioctl(fd, number, argument),
          "ioctl("
              + fd
              + ", 0x"
              + Long.toHexString(number)
              + ", 0x"
              + Integer.toHexString(argument)
              + ")");
    } else {
      ioctlByPointer(fd, number, SocketValue.of(type, request.value()));
    }
  }

  private static void ioctlByPointer(int fd, long request, SocketValue value) {
    NativeBuffer argument = NativeBuffer.of(value.bytes);
    int result = LibC.ioctl(fd, request, argument);
    LibC.check(
        result, "ioctl(" + fd + ", 0x" + Long.toHexString(request) + ", " + value.shown + ")");
  }

  private static void setAttribute(int fd, int mask, boolean on) {
    NativeBuffer flags = NativeBuffer.allocate(Long.BYTES);
    LibC.check(
        LibC.ioctl(fd, FS_IOC_GETFLAGS, flags),
        "ioctl(" + fd + ", 0x" + Long.toHexString(FS_IOC_GETFLAGS) + ")");
    int wanted = with(flags.getInt(0), mask, on);
    flags.putInt(0, wanted);
    LibC.check(
        LibC.ioctl(fd, FS_IOC_SETFLAGS, flags),
        "ioctl("
            + fd
            + ", 0x"
            + Long.toHexString(FS_IOC_SETFLAGS)
            + ", {0x"
            + Integer.toHexString(wanted)
            + "})");
  }

  /**
   * A value as the kernel takes it through a pointer, in host order, and as error messages show it.
   */
  private static final class SocketValue {
    private final byte[] bytes;
    private final String shown;

    private SocketValue(byte[] bytes, String shown) {
      this.bytes = bytes;
      this.shown = shown;
    }

    static SocketValue of(OptionType<?> type, Object value) {
      if (value instanceof Boolean on) {
        return new SocketValue(new byte[] {(byte) (on ? 1 : 0)}, on ? "{1}" : "{0}");
      } else if (value instanceof Integer number) {
        return ofNumber(type, number);
      } else if (value instanceof Duration time) {
        long micros = time.toNanosPart() / 1000;
        NativeBuffer timeval =
            NativeBuffer.allocate(16).putLong(0, time.toSeconds()).putLong(8, micros);
        return new SocketValue(timeval.toArray(0, 16), "{" + time.toSeconds() + "," + micros + "}");
      } else if (value instanceof String text) {
        byte[] name = NativeBuffer.bytesForC(text);
        byte[] bytes = Arrays.copyOf(name, name.length + 1);
        return new SocketValue(bytes, "\"" + text + "\"");
      } else if (value instanceof MulticastGroup group) {
        byte[] structure = group.encode();
        return new SocketValue(structure, group.shown(structure));
      }
      return new SocketValue((byte[]) value, "{...}");
    }

    private static SocketValue ofNumber(OptionType<?> type, int number) {
      if (type == OptionType.BYTE) {
        return new SocketValue(new byte[] {(byte) number}, "{" + number + "}");
      } else if (type == OptionType.LINGER) {
        NativeBuffer linger = NativeBuffer.allocate(8).putInt(0, 1).putInt(4, number);
        return new SocketValue(linger.toArray(0, 8), "{1," + number + "}");
      }
      return new SocketValue(
          NativeBuffer.allocate(4).putInt(0, number).toArray(0, 4), "{" + number + "}");
    }
  }
}
