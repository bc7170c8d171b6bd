package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.FileOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.LibC;
import dev.sluice.os.PathHint;
import dev.sluice.os.SocketAddressBytes;

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

  /** Gives the entry the mode and owner that options ask for. */
  void bound() {
    if (!isAbstract) {
      OptionApplier.applyToPath(Phase.PREOPEN, name, options, log);
      OptionApplier.applyToPath(Phase.FD, name, options, log);
    }
  }

  /** Removes the entry, unless it is to stay. */
  void remove() {
    remove(true);
  }

  /** Removes the entry, if option {@code unlink-close} says so, or else if {@code byDefault}. */
  void remove(boolean byDefault) {
    if (!isAbstract && options.get(FileOptions.UNLINK_CLOSE, byDefault)) {
      UnixNames.remove(name, log);
    }
  }
}
