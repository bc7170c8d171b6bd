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
import dev.sluice.os.FileStatus;
import dev.sluice.os.LibC;
import dev.sluice.os.OpenFlags;
import java.util.Optional;

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
    return Optional.ofNullable(LibC.stat(path)).map(FileStatus::kind).orElse("undef");
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

  /**
   * Opens a path with these flags and those of the options, and gives the descriptor its options.
   * Blocks as open(2) does.
   */
  static Fd open(String path, int flags, OpenContext context) {
    Options options = context.options();
    Fd fd = LibC.open(path, OptionApplier.openFlags(options, flags), creationMode(options));
    try {
      finish(path, fd, context);
      return fd;
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /** The options that act on the path or the descriptor after it was opened. */
  static void finish(String path, Fd fd, OpenContext context) {
    Options options = context.options();
    OptionApplier.applyToPath(Phase.PASTOPEN, path, options, context.log());
    OptionApplier.apply(Phase.FD, fd, options, context.log(), FdOptions.PERM);
    OptionApplier.apply(Phase.LATE, fd, options, context.log());
  }

  /** The endpoint over an open file, which removes the path at its end if the options say so. */
  static Endpoint endpoint(String path, Fd fd, OpenContext context) {
    Endpoint endpoint = Endpoint.of(fd, context.direction());
    if (context.options().isOn(FileOptions.UNLINK_CLOSE)) {
      endpoint.onClose(() -> LibC.unlink(path));
    }
    return endpoint;
  }
}
