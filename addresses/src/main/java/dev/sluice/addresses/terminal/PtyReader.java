package dev.sluice.addresses.terminal;

import dev.sluice.endpoint.FdReader;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads the master of a pseudo terminal. It fails with EIO while nobody has the terminal open: that
 * is the end of data, or, given patience, a time to wait for somebody to open it again.
 */
final class PtyReader implements FdReader {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private final Fd fd;
  private final long patience;
  private final int blockSize;
  private final RelayLog log;
  private boolean waiting;
  private long waitingUntil;

  PtyReader(Fd fd, Duration patience, int blockSize, RelayLog log) {
    this.fd = fd;
    this.patience = patience.toNanos();
    this.blockSize = blockSize;
    this.log = log;
  }

  @Override
  public Fd fd() {
    return fd;
  }

  @Override
  public int read(long buffer, int length) {
    int n = LibC.read(fd.number(), buffer, length);
    if (n != -Errno.EIO) {
      waiting &= n == -Errno.EAGAIN;
      return n;
    }
    if (patience == 0) {
      log.notice(
          "read(%s, 0x%x, %d): %s (probably PTY closed)",
          fd, buffer, Math.min(length, blockSize), Errno.text(Errno.EIO));
      return 0;
    }
    return sitOut();
  }

  /** Blocks for a moment: whoever gives patience has the address read on a thread of its own. */
  private int sitOut() {
    if (!waiting) {
      waiting = true;
      waitingUntil = System.nanoTime() + patience;
      log.notice("xioread(fd=%s): EIO, sitting out %.2fs for recovery", fd, patience / 1e9);
    } else if (System.nanoTime() - waitingUntil >= 0) {
      return -Errno.EIO;
    }
    LockSupport.parkNanos(PAUSE);
    return -Errno.EAGAIN;
  }
}
