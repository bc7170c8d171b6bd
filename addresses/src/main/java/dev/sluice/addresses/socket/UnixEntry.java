package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.FileOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.PathHint;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.os.Undo;
import java.util.List;
import java.util.function.Consumer;
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
  private final boolean removes;
  private @Nullable DirectoryEntry entry;
  private Undo removal = Undo.NOTHING;

  /**
   * @param removes whether the entry goes away with its socket unless option {@code unlink-close}
   *     says otherwise
   */
  UnixEntry(OpenContext context, String name, boolean isAbstract, boolean removes) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.name = name;
    this.isAbstract = isAbstract;
    this.removes = context.options().get(FileOptions.UNLINK_CLOSE, removes);
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
    if (!isAbstract && FileCalls.stat(name) != null) {
      throw OpenFailure.lasting("\"" + name + "\" exists", () -> PathHint.inTheWay(name));
    }
  }

  /**
   * Binds a socket to the name, notes where the entry has been made, and gives it the mode and
   * owner that options ask for. From its first moment on the entry is removed when the process
   * ends. Call it under the process options that the address has.
   */
  void bind(Fd socket) {
    if (isAbstract) {
      SocketCalls.bind(socket.number(), address());
      return;
    }
    // first, since a look-up of names takes long: nobody can connect until the socket listens
    List<Consumer<DirectoryEntry>> changes =
        OptionApplier.changesOfEntry(options, Phase.PREOPEN, Phase.FD);
    DirectoryEntry made = Undo.step(() -> bindNow(socket));
    changes.forEach(change -> change.accept(made));
  }

  private DirectoryEntry bindNow(Fd socket) {
    SocketCalls.bind(socket.number(), address());
    DirectoryEntry made = DirectoryEntry.ofNew(UnixNames.path(name));
    entry = made;
    removal = removes ? Undo.register(() -> remove(made)) : Undo.NOTHING;
    return made;
  }

  private void remove(DirectoryEntry made) {
    String failure = made.remove();
    if (failure != null) {
      log.warning("unlink(\"" + UnixNames.path(name) + "\"): " + failure);
    }
  }

  /** Removes an entry that was made, even if it is to stay. */
  void removeAnyway() {
    removal.run();
    if (entry != null && !removes) {
      remove(entry);
    }
    entry = null;
  }

  /** Removes the entry, unless it is to stay, or was never made. */
  void remove() {
    removal.run();
    if (entry != null) {
      entry.close();
      entry = null;
    }
  }
}
