package dev.sluice.addresses.terminal;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.option.FileOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.PtyOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.PseudoTerminal;
import dev.sluice.os.Undo;
import java.time.Duration;

/**
 * The pseudo terminal of an address: made, set up and linked to as its options say, then read and
 * written through its master.
 */
public final class AddressPty implements AutoCloseable {
  private final PseudoTerminal pty;
  private final OpenContext context;
  private Undo unlink = Undo.NOTHING;

  private AddressPty(PseudoTerminal pty, OpenContext context) {
    this.pty = pty;
    this.context = context;
  }

  /** Makes it, with all its options applied; blocks. */
  public static AddressPty open(OpenContext context) {
    AddressPty made = new AddressPty(PseudoTerminal.open(), context);
    try {
      made.setUp();
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void setUp() {
    Options options = context.options();
    String link = options.find(PtyOptions.LINK).orElse(null);
    if (link != null) {
      OptionApplier.removePath(Phase.EARLY, link, options, context.log());
      OptionApplier.removePath(Phase.PREOPEN, link, options, context.log());
      link(link);
      OptionApplier.removePath(Phase.PASTOPEN, link, options, context.log());
    }
    OptionApplier.apply(Phase.FD, pty, options, context.log());
    OptionApplier.apply(Phase.LATE, pty, options, context.log());
  }

  private void link(String path) {
    int result = FileCalls.unlink(path);
    if (result < 0 && result != -Errno.ENOENT) {
      throw new NativeError("unlink(\"" + path + "\")", -result);
    }
    unlink = Undo.step(() -> linkNow(path));
  }

  private Undo linkNow(String path) {
    LibC.check(
        FileCalls.symlink(pty.name(), path), "symlink(\"" + pty.name() + "\", \"" + path + "\")");
    return context.options().get(FileOptions.UNLINK_CLOSE, true) ? Undo.unlink(path) : Undo.NOTHING;
  }

  public PseudoTerminal pty() {
    return pty;
  }

  /** The endpoint over the master, which takes over all that is to be put away. */
  public Endpoint endpoint() {
    Direction direction = context.direction();
    Duration patience = context.options().get(PtyOptions.SITOUT_EIO, Duration.ZERO);
    FdReader reader =
        new PtyReader(pty.master(), patience, context.settings().blockSize(), context.log());
    FdWriter writer = new PtyWriter(pty);
    Endpoint endpoint = Endpoint.of(reader, writer, direction);
    endpoint.onClose(this::close);
    return patience.isZero() ? endpoint.pollable() : endpoint;
  }

  @Override
  public void close() {
    pty.close();
    unlink.run();
  }
}
