package dev.sluice.option;

import dev.sluice.log.RelayLog;
import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.NativeError;
import dev.sluice.os.PseudoTerminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does what options say, phase by phase, in written order; see {@link Effect}.
 *
 * <p>A refused system call comes out as {@link NativeError}, a user, host or interface that does
 * not exist as {@code Accounts.Unknown} or {@code OptionType.BadValue}. Waits for locks and for
 * name look-ups, so it belongs on a thread that may block.
 */
public final class OptionApplier {
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
    TerminalEffects.apply(phase, fd, options);
  }

  /**
   * As {@link #apply}, for a pseudo terminal: what concerns the terminal or its entry in the file
   * system is done to the slave, everything else to the master.
   */
  public static void apply(Phase phase, PseudoTerminal pty, Options options, RelayLog log) {
    apply(
        phase,
        effect -> effect instanceof Effect.OnPath ? pty.slave() : pty.master(),
        options,
        log);
    TerminalEffects.apply(phase, pty.slave(), options);
  }

  private static void apply(
      Phase phase,
      Function<Effect, Fd> target,
      Options options,
      RelayLog log,
      Option<?>... handled) {
    for (OptionValue<?> given : options.of(phase)) {
      Object value = given.value();
      if (given.option().effect() instanceof Effect.OnDescriptor effect
          && value != null
          && !List.of(handled).contains(given.option())) {
        Fd fd = target.apply(effect);
        effect.apply(fd, given.option().type(), value);
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
      if (given.option().effect() instanceof Effect.OnPath effect
          && value != null
          && FileCalls.stat(path) != null) {
        effect.apply(path, value);
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
        if (given.option().effect() instanceof Effect.OnPath effect && value != null) {
          changes.add(effect.change(value));
        }
      }
    }
    return changes;
  }

  private static void unlink(String path, RelayLog log) {
    int result = FileCalls.unlink(path);
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
      if (given.option().effect() instanceof Effect.OnOpening effect) {
        flags = effect.flags(flags, given.value());
      }
    }
    return flags;
  }

  /** The flags of an interface that has {@code base}: with what the options set or clear. */
  public static int interfaceFlags(Options options, int base) {
    int flags = base;
    for (OptionValue<?> given : options.inOrder()) {
      if (given.option().effect() instanceof Effect.InterfaceFlag flag) {
        flags = Effect.with(flags, flag.mask(), given.value());
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
}
