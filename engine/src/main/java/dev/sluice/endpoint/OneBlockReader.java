package dev.sluice.endpoint;

import dev.sluice.os.Fd;
import dev.sluice.os.NativeBuffer;

/** Reads one datagram or message that was received earlier, then the end of data. */
public final class OneBlockReader implements FdReader {
  private final Fd fd;
  private final byte[] content;
  private final int start;
  private final Runnable note;
  private boolean given;

  /**
   * Makes a reader.
   *
   * @param fd what it was received from
   * @param start bytes at its start that are no data
   * @param note runs when it is read
   */
  public OneBlockReader(Fd fd, byte[] content, int start, Runnable note) {
    this.fd = fd;
    this.content = content;
    this.start = start;
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
    int n = Math.max(0, Math.min(length, content.length - start));
    NativeBuffer.put(buffer, content, start, n);
    return n;
  }

  @Override
  public boolean hasBuffered() {
    return true;
  }
}
