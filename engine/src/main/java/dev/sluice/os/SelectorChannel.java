package dev.sluice.os;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import jnr.enxio.channels.NativeSelectableChannel;
import jnr.enxio.channels.NativeSelectorProvider;

/** A descriptor as the selector knows it. Its owner closes it, never the selector. */
final class SelectorChannel extends AbstractSelectableChannel implements NativeSelectableChannel {
  private final int fd;

  SelectorChannel(int fd) throws IOException {
    super(NativeSelectorProvider.getInstance());
    this.fd = fd;
    configureBlocking(false);
  }

  @Override
  public int getFD() {
    return fd;
  }

  @Override
  public int validOps() {
    return SelectionKey.OP_READ | SelectionKey.OP_WRITE;
  }

  @Override
  protected void implCloseSelectableChannel() {}

  @Override
  protected void implConfigureBlocking(boolean block) {}
}
