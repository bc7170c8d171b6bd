package dev.sluice.addresses.terminal;

import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.PseudoTerminal;

/** Writes the master of a pseudo terminal, and sees through its slave what has not been read. */
record PtyWriter(PseudoTerminal pty) implements FdWriter {
  @Override
  public Fd fd() {
    return pty.master();
  }

  @Override
  public int write(long buffer, int length) {
    return LibC.write(fd().number(), buffer, length);
  }

  @Override
  public int unread() {
    return pty.slave().isClosed() ? -1 : LibC.readable(pty.slave().number());
  }
}
