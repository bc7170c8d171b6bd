package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.FileOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.LibC;
import dev.sluice.os.PathHint;
import dev.sluice.os.SocketAddressBytes;
import org.jspecify.annotations.Nullable;

/**
 * The name that a UNIX socket of ours gets, and what options do to its entry in the file system
 * before it is bound, once it is, and at the end. An abstract name has no entry.
 */
final class UnixEntry {
  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final String name;
  private final boolean isAbstract;
  private @Nullable DirectoryEntry entry;

  UnixEntry(OpenContext context, String name, boolean isAbstract) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.name = name;
    this.isAbstract = isAbstract;
  }

  /** The name as a socket address. */
  SocketAddressBytes address() {
    return UnixNames.address(context, name, isAbstract);
  }

  /** Does what options ask for while nothing is bound yet, such as removing an older entry. */
  void prepare() {
    if (!isAbstract) {
      OptionApplier.applyToPath(Phase.EARLY, name, options, log);
    }
  }

  /** As {@link #prepare}, for addresses that do not take the place of an entry that is there. */
  void prepareNew() {
    prepare();
    if (!isAbstract && LibC.stat(name) != null) {
      throw OpenFailure.lasting("\"" + name + "\" exists", () -> PathHint.inTheWay(name));
    }
  }

  /**
   * Notes where the entry has been made, and gives it the mode and owner that options ask for. Call
   * it under the process options that the name was bound under.
   */
  void bound() {
    if (isAbstract) {
      return;
    }
    DirectoryEntry made = DirectoryEntry.ofNew(UnixNames.path(name));
    entry = made;
    OptionApplier.applyToEntry(Phase.PREOPEN, made, options);
    OptionApplier.applyToEntry(Phase.FD, made, options);
  }

  /** Removes the entry, unless it is to stay. */
  void remove() {
    remove(true);
  }

  /** Removes the entry, if option {@code unlink-close} says so, or else if {@code byDefault}. */
  void remove(boolean byDefault) {
    DirectoryEntry made = entry;
    if (made == null) {
      return;
    }
    entry = null;
    if (options.get(FileOptions.UNLINK_CLOSE, byDefault)) {
      String failure = made.remove();
      if (failure != null) {
        log.warning("unlink(\"" + UnixNames.path(name) + "\"): " + failure);
      }
    } else {
      made.close();
    }
  }
}
