package dev.sluice.endpoint;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;

/** Reads a descriptor, and does nothing else. */
class SimpleReader implements FdReader {
  private final Fd fd;

  SimpleReader(Fd fd) {
    this.fd = fd;
  }

  @Override
  public final Fd fd() {
    return fd;
  }

  @Override
  public final int read(long buffer, int length) {
    return LibC.read(fd.number(), buffer, length);
  }

  @Override
  public final boolean canSplice() {
    return true;
  }
}
