package dev.sluice.addresses.socket;

import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import dev.sluice.os.PollerTimer;
import dev.sluice.os.ReadinessWait;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Waits on a poller until a connect(2) in progress has succeeded or failed. A failure is logged,
 * and closes the socket.
 *
 * <p>The peer may accept and reset the connection before the poller looks. The connect has
 * succeeded then, as it does for a program that waits in connect(2), and the first read or write
 * tells of the reset.
 */
final class ConnectWatch {
  private final Fd fd;
  private final SocketAddressBytes address;
  private final RelayLog log;
  private final Severity severity;
  private final CompletableFuture<Fd> connected = new CompletableFuture<>();

  /**
   * Makes one.
   *
   * @param address what the socket connects to, for messages
   * @param severity of the line that tells of a failure
   */
  ConnectWatch(Fd fd, SocketAddressBytes address, RelayLog log, Severity severity) {
    this.fd = fd;
    this.address = address;
    this.log = log;
    this.severity = severity;
  }

  /** A connect(2) that has failed. */
  static NativeError refused(Fd fd, SocketAddressBytes address, int errno) {
    return new NativeError(call(fd, address), errno);
  }

  /** The call as messages show it. */
  static String call(Fd fd, SocketAddressBytes address) {
    return "connect(" + fd + ", " + address + ", " + address.length() + ")";
  }

  /** Begins to wait, at most for the given time. */
  CompletionStage<Fd> connected(Poller poller, Optional<Duration> limit) {
    poller.execute(() -> watch(poller));
    limit.ifPresent(
        time -> {
          PollerTimer timer = PollerTimer.start(poller, time, this::timeOut);
          connected.whenComplete((any, failure) -> timer.cancel());
        });
    return connected;
  }

  private void watch(Poller poller) {
    try {
      Poller.Registration[] registration = new Poller.Registration[1];
      Poller.Handler handler =
          events -> {
            if (!connected.isDone() && (events & Poller.WRITABLE) != 0) {
              registration[0].close();
              decide();
            }
          };
      registration[0] = poller.register(fd.number(), handler);
      registration[0].awaitRoom();
      // a time-out has closed the descriptor
      connected.whenComplete((any, failure) -> registration[0].abandon());
    } catch (NativeError e) {
      fail(e);
    }
  }

  /** SO_ERROR forgets the error once read, so it is read only when no connection was made. */
  private void decide() {
    int number = fd.number();
    if (ReadinessWait.isWritableNow(number) || SocketCalls.wasEstablished(number)) {
      connected.complete(fd);
      return;
    }
    int errno = SocketCalls.socketError(number);
    if (errno == 0) {
      connected.complete(fd);
    } else {
      fail(refused(fd, address, errno));
    }
  }

  private void fail(NativeError error) {
    ErrorQueue.tell(fd, log);
    fd.close();
    log.write(severity, error.getMessage());
    connected.completeExceptionally(error);
  }

  private void timeOut() {
    if (!connected.isDone()) {
      fd.close();
      log.write(severity, "connecting to " + address + ": " + Errno.text(Errno.ETIMEDOUT));
      connected.completeExceptionally(new NativeError("connect", Errno.EINPROGRESS));
    }
  }
}
