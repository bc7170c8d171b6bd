package dev.sluice.addresses.socket;

import dev.sluice.endpoint.FdReader;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeBuffer;

/** Gives one datagram that was received already, then the end of data. */
final class OnePacketReader implements FdReader {
  private final Fd fd;
  private final byte[] content;
  private final boolean stripIpHeader;
  private final Runnable note;
  private boolean given;

  OnePacketReader(Fd fd, byte[] content, boolean stripIpHeader, Runnable note) {
    this.fd = fd;
    this.content = content;
    this.stripIpHeader = stripIpHeader;
    this.note = note;
  }

  @Override
  public Fd fd() {
    return fd;
  }

  @Override
  public int read(long buffer, int length) {
    if (given) {
      return 0;
    }
    given = true;
    note.run();
    int header = stripIpHeader && content.length > 0 ? (content[0] & 0xf) * 4 : 0;
    int n = Math.max(0, Math.min(length, content.length - header));
    NativeBuffer.put(buffer, content, header, n);
    return n;
  }

  @Override
  public boolean hasBuffered() {
    return true;
  }
}
