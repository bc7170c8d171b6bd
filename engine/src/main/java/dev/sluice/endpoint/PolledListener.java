package dev.sluice.endpoint;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import dev.sluice.os.PollerTimer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener that takes what comes to one descriptor on its poller's thread. Except for the methods
 * of {@link Listener}, members that are not private belong to that thread.
 */
public abstract class PolledListener implements Listener {
  private static final Set<Integer> LASTING =
      Set.of(Errno.EBADF, Errno.EINVAL, Errno.ENOTSOCK, Errno.EOPNOTSUPP, Errno.EFAULT);
  private static final Duration PAUSE = Duration.ofMillis(100);

  protected final Poller poller;

  private final Fd descriptor;
  private Poller.@Nullable Registration registration;
  private @Nullable Admission admission;
  private @Nullable Handler handler;
  private boolean closed;
  private boolean pausing;
  private boolean troubled;

  /**
   * Watches nothing yet.
   *
   * @param descriptor non-blocking; closed with the listener, unless a session has it
   */
  protected PolledListener(Poller poller, Fd descriptor) {
    this.poller = poller;
    this.descriptor = descriptor;
  }

  /** Takes what has come while there is room, and what this gives is not closed. */
  protected abstract void takeAll(Admission room, Handler sink);

  /** After the descriptor was closed, unless a session has it. */
  protected void released() {}

  /** Looks for what has come. */
  protected final void takeAll() {
    if (!closed && !pausing && admission != null && handler != null) {
      takeAll(admission, handler);
    }
  }

  /**
   * A call that takes what has come has failed. Only an error that says that the descriptor is not
   * to be used ends the listener; any other passes (accept(2): descriptors, memory, network or
   * firewall), and after a pause the listener tries again. Logged once until the next success.
   */
  protected final void failed(NativeError error, Handler sink, RelayLog log) {
    if (LASTING.contains(error.errno())) {
      sink.failed(error);
      return;
    }
    if (!troubled) {
      troubled = true;
      boolean isLimit = Errno.isDescriptorLimit(error.errno());
      String waits = isLimit ? "waiting for a free descriptor" : "trying again";
      log.warning(error.getMessage() + "; " + waits);
    }
    pausing = true;
    PollerTimer.start(
        poller,
        PAUSE,
        () -> {
          pausing = false;
          takeAll();
        });
  }

  /** A call that takes what has come has succeeded. */
  protected final void succeeded() {
    troubled = false;
  }

  protected final boolean isClosed() {
    return closed;
  }

  /** Hears no more of the descriptor. */
  protected final void stopWatching() {
    if (registration != null) {
      registration.close();
      registration = null;
    }
  }

  /** The descriptor is that of the only session from now on. */
  protected final void handOver() {
    stopWatching();
    closed = true;
  }

  @Override
  public void start(Admission newAdmission, Handler newHandler) {
    poller.execute(
        () -> {
          admission = newAdmission;
          handler = newHandler;
          try {
            registration = poller.register(descriptor.number(), events -> takeAll());
          } catch (NativeError e) {
            newHandler.failed(e);
            return;
          }
          takeAll();
        });
  }

  @Override
  public void resume() {
    poller.execute(this::takeAll);
  }

  @Override
  public void close() {
    poller.execute(
        () -> {
          stopWatching();
          if (!closed) {
            closed = true;
            descriptor.close();
            released();
          }
        });
  }

  @Override
  public void close(Runnable afterwards) {
    close();
    poller.execute(afterwards);
  }
}
