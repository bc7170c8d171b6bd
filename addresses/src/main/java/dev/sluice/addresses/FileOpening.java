package dev.sluice.addresses;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.FdOptions;
import dev.sluice.option.FileOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.FileStatus;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.SavedTerminals;
import dev.sluice.os.Undo;
import java.util.Optional;
import java.util.function.Supplier;

/** What the addresses over files share: options by phase around open(2). */
final class FileOpening {
  private static final int DEFAULT_MODE = 0666;

  private FileOpening() {}

  /** The access mode for a direction. */
  static int accessMode(Direction direction) {
    return switch (direction) {
      case READ -> OpenFlags.RDONLY;
      case WRITE -> OpenFlags.WRONLY;
      case BOTH -> OpenFlags.RDWR;
    };
  }

  /** The kind of file at a path, for log lines: {@code undef} when there is none. */
  static String kind(String path) {
    return Optional.ofNullable(FileCalls.stat(path)).map(FileStatus::kind).orElse("undef");
  }

  /** The options that act on the path before it is opened. */
  static void prepare(String path, OpenContext context) {
    OptionApplier.applyToPath(Phase.EARLY, path, context.options(), context.log());
    OptionApplier.applyToPath(Phase.PREOPEN, path, context.options(), context.log());
  }

  /** The mode for a file that open(2) creates. */
  static int creationMode(Options options) {
    return options.get(FdOptions.PERM, DEFAULT_MODE);
  }

  /** Opens a path with these flags and those of the options. Blocks as open(2) does. */
  static Fd open(String path, int flags, OpenContext context) {
    Options options = context.options();
    return FileCalls.open(path, OptionApplier.openFlags(options, flags), creationMode(options));
  }

  /**
   * The endpoint over a file, with the options that act on the path or the descriptor after it was
   * opened. At its end it puts a terminal's settings back, and removes the path if the options say
   * so, also while opening still waits.
   *
   * @param opening opens the file; may block
   */
  static Endpoint endpoint(String path, Supplier<Fd> opening, OpenContext context) {
    if (!context.options().isOn(FileOptions.UNLINK_CLOSE)) {
      return endpoint(path, opening, Undo.NOTHING, context);
    }
    if (FileCalls.stat(path) != null) {
      return endpoint(path, opening, Undo.unlink(path), context);
    }
    return Undo.step(
        () -> {
          Fd made = opening.get();
          return endpoint(path, () -> made, Undo.unlink(path), context);
        });
  }

  /** The same where what removes the path is registered already. It is run if this fails. */
  static Endpoint endpoint(String path, Supplier<Fd> opening, Undo removal, OpenContext context) {
    Fd fd;
    try {
      fd = opening.get();
    } catch (RuntimeException e) {
      removal.run();
      throw e;
    }
    Options options = context.options();
    Direction possible = context.address().type().descriptor().direction();
    Endpoint endpoint = Endpoint.of(fd, context.direction().within(possible));
    endpoint.beforeClose(SavedTerminals.save(fd)).onClose(removal);
    try {
      OptionApplier.applyToPath(Phase.PASTOPEN, path, options, context.log());
      OptionApplier.apply(Phase.FD, fd, options, context.log(), FdOptions.PERM);
      OptionApplier.apply(Phase.LATE, fd, options, context.log());
      return endpoint;
    } catch (RuntimeException e) {
      endpoint.close();
      throw e;
    }
  }
}
