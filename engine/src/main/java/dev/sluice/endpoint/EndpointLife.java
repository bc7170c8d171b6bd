package dev.sluice.endpoint;

import static dev.sluice.os.SocketConstants.SOL_SOCKET;
import static dev.sluice.os.SocketConstants.SO_LINGER;

import dev.sluice.log.RelayLog;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an endpoint: it is greeted once, its output ends, it is closed once. All objects
 * that stand for the same endpoint have the same life. Greeting, closing and what is added to be
 * undone may come from several threads at once.
 */
final class EndpointLife {
  private static final int SIGTERM = 15;

  /** struct linger {1, 0}: close(2) sends a reset. */
  private static final byte[] NO_LINGER =
      ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array();

  /** In the place of what is to be undone, once that has been done. */
  private enum Undone implements Runnable {
    DONE;

    @Override
    public void run() {}
  }

  private @Nullable Runnable abandonment;
  private @Nullable Runnable departures;
  private @Nullable Runnable cleanups;
  private volatile boolean closed;
  private boolean aborted;
  private volatile boolean finSent;
  private volatile @Nullable CompletableFuture<Endpoint> greeted;

  // --- what is to be undone

  /** Something to undo while the descriptors are still open; done at once when it is too late. */
  void beforeClose(Runnable departure) {
    synchronized (this) {
      if (departures != Undone.DONE) {
        departures = inTurn(departures, departure);
        return;
      }
    }
    departure.run();
  }

  /** Something to do first when the session has failed. */
  void beforeAbandon(Runnable preparation) {
    abandonment = preparation;
  }

  /** Something to undo when the descriptors are closed; done at once when they are. */
  void onClose(Runnable cleanup) {
    synchronized (this) {
      if (cleanups != Undone.DONE) {
        cleanups = inTurn(cleanups, cleanup);
        return;
      }
    }
    cleanup.run();
  }

  /** One after the other: thousands of endpoints have one such thing to do, or none. */
  private static Runnable inTurn(@Nullable Runnable first, Runnable second) {
    return first == null
        ? second
        : () -> {
          first.run();
          second.run();
        };
  }

  boolean isClosed() {
    return closed;
  }

  boolean isAborted() {
    return aborted;
  }

  // --- the beginning

  /**
   * Greets the peer, the first time that it is called; closes the endpoint if that fails. Fails
   * when the endpoint is closed already.
   */
  CompletionStage<Endpoint> greet(Endpoint endpoint, Greeting greeting, RelayLog log) {
    CompletableFuture<Endpoint> result = new CompletableFuture<>();
    synchronized (this) {
      CompletableFuture<Endpoint> before = greeted;
      if (before != null) {
        return before;
      }
      greeted = result;
      if (closed) {
        result.completeExceptionally(new CancellationException("closed before it was greeted"));
        return result;
      }
    }
    greeting
        .start(endpoint, log)
        .whenComplete(
            (agreed, failure) -> {
              if (failure == null) {
                result.complete(agreed);
              } else {
                result.completeExceptionally(failure);
              }
            });
    return result.whenComplete(
        (agreed, failure) -> {
          if (failure != null) {
            close(endpoint);
          }
        });
  }

  // --- the end of the output

  /** Ends the writing half; returns a failed call, when the peer was already gone. */
  @Nullable NativeError endOutput(Endpoint endpoint) {
    FdWriter writer = endpoint.writer();
    if (writer == null || closed) {
      return null;
    }
    int fd = writer.fd().number();
    switch (endpoint.halfClose()) {
      case SHUTDOWN -> {
        int result = SocketCalls.shutdown(fd, SocketCalls.SHUT_WR);
        finSent = result == 0;
        if (result < 0 && result != -Errno.ENOTCONN) {
          return new NativeError("shutdown(" + fd + ", 1)", -result);
        }
      }
      case CLOSE -> {
        FdReader reader = endpoint.reader();
        if (reader != null && reader.fd() == writer.fd()) {
          SocketCalls.shutdown(fd, SocketCalls.SHUT_WR);
        } else {
          writer.fd().close();
        }
      }
      case EMPTY_DATAGRAM -> {
        int result = writer.write(0, 0);
        if (result < 0 && endpoint.boundary() == Boundary.DATAGRAM) {
          return new NativeError("send(" + fd + ", 0)", -result);
        }
      }
      case FAREWELL -> {
        return writer.end();
      }
      case NONE -> {}
    }
    return null;
  }

  // --- the end

  /** The session has failed. */
  void abandon(Endpoint endpoint) {
    if (!closed && abandonment != null) {
      abandonment.run();
    }
    close(endpoint);
  }

  /** The data for it were cut off. */
  void abort(Endpoint endpoint) {
    if (!closed) {
      aborted = true;
      endpoint.made().joined.forEach(Endpoint::abort);
      FdWriter writer = endpoint.writer();
      if (endpoint.isTcp() && writer != null && !writer.fd().isClosed()) {
        SocketCalls.setsockopt(writer.fd().number(), SOL_SOCKET, SO_LINGER, NO_LINGER);
      }
    }
    close(endpoint);
  }

  /** Closes everything once; a greeting that is under way is cancelled first. */
  void close(Endpoint endpoint) {
    if (!isFirstClose()) {
      return;
    }
    Greeting greeting = endpoint.made().greeting;
    CompletableFuture<Endpoint> agreed = greeted;
    if (greeting != null && agreed != null && !agreed.isDone()) {
      greeting.cancel();
      agreed.whenComplete((done, failure) -> closeNow(endpoint));
    } else {
      closeNow(endpoint);
    }
  }

  private synchronized boolean isFirstClose() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  private void closeNow(Endpoint endpoint) {
    endpoint.made().joined.forEach(Endpoint::close);
    try {
      run(takeDepartures());
    } finally {
      closeDescriptors(endpoint);
    }
  }

  private void closeDescriptors(Endpoint endpoint) {
    ChildProcess child = endpoint.made().child;
    if (child != null) {
      child.signal(SIGTERM);
    }
    if (endpoint.made().joined.isEmpty()) {
      closeHalves(endpoint);
    }
    run(takeCleanups());
  }

  private static void run(@Nullable Runnable action) {
    if (action != null) {
      action.run();
    }
  }

  private synchronized @Nullable Runnable takeDepartures() {
    Runnable taken = departures;
    departures = Undone.DONE;
    return taken;
  }

  private synchronized @Nullable Runnable takeCleanups() {
    Runnable taken = cleanups;
    cleanups = Undone.DONE;
    return taken;
  }

  private void closeHalves(Endpoint endpoint) {
    FdReader reader = endpoint.reader();
    FdWriter writer = endpoint.writer();
    if (reader != null) {
      shutDown(endpoint, reader.fd());
      reader.fd().close();
    }
    if (writer != null && (reader == null || writer.fd() != reader.fd())) {
      shutDown(endpoint, writer.fd());
      writer.fd().close();
    }
  }

  private void shutDown(Endpoint endpoint, Fd fd) {
    boolean endsByClose = endpoint.isTcp() && finSent; // its peer has been told already
    if (endpoint.isSocket()
        && !endsByClose
        && !endpoint.made().closeOnly
        && !aborted
        && fd.isOwned()
        && !fd.isClosed()) {
      SocketCalls.shutdown(fd.number(), SocketCalls.SHUT_RDWR);
    }
  }
}
