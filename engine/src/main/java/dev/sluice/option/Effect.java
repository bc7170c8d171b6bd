package dev.sluice.option;

import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.Fd;
import dev.sluice.os.OpenFlags;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an option does. An effect applies itself; when, and to what, is decided by {@link
 * OptionApplier}, by the kind of effect.
 *
 * <p>A refused system call comes out as {@link dev.sluice.os.NativeError}, a user or group that
 * does not exist as {@link dev.sluice.os.Accounts.Unknown}.
 */
public interface Effect {
  /** Nothing by itself: code reads the value through the row, with {@link Options#get}. */
  record Setting() implements Effect {}

  /** Acts upon an open descriptor. */
  interface OnDescriptor extends Effect {
    /**
     * Does it.
     *
     * @param type of the option, which decides the form of the value
     */
    void apply(Fd fd, OptionType<?> type, Object value);
  }

  /** Acts upon an entry of a file system. */
  interface OnPath extends Effect {
    /** Does it to a path, which is there. */
    void apply(String path, Object value);

    /** What is to be done to an entry that we have made; users and groups are looked up now. */
    Consumer<DirectoryEntry> change(Object value);
  }

  /** Changes the flags of open(2). */
  interface OnOpening extends Effect {
    /** The flags with what the option says. */
    int flags(int before, @Nullable Object value);
  }

  /** The access mode of open(2), whatever the value. */
  record AccessMode(int mode) implements OnOpening {
    @Override
    public int flags(int before, @Nullable Object value) {
      return (before & ~OpenFlags.ACCMODE) | mode;
    }
  }

  /** A flag of open(2), set by a true value and cleared by a false one. */
  record OpenFlag(int mask) implements OnOpening {
    @Override
    public int flags(int before, @Nullable Object value) {
      return with(before, mask, value);
    }
  }

  /** unlink(2) of the path; it need not be there. */
  record Unlink() implements Effect {}

  /** A flag of a network interface, set by a true value and cleared by a false one. */
  record InterfaceFlag(int mask) implements Effect {}

  /** A flag of the resolver, set by a true value and cleared by a false one. */
  record ResolverFlag(int mask) implements Effect {}

  /** {@code flags} with the bits of {@code mask} set by a true value, cleared by any other. */
  static int with(int flags, int mask, @Nullable Object on) {
    return Boolean.TRUE.equals(on) ? flags | mask : flags & ~mask;
  }
}
