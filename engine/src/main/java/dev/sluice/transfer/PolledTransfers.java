package dev.sluice.transfer;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.Poller;
import org.jspecify.annotations.Nullable;

/**
 * The transfers of a session whose descriptors pollers watch. An endpoint belongs to one poller,
 * which drives the transfer that reads it; both endpoints may belong to the same.
 */
final class PolledTransfers {
  private final Transfer.Observer observer;
  private final Side left;
  private final Side right;

  /**
   * Sets up; nothing runs yet.
   *
   * @param leftPoller where the left endpoint belongs, and {@code toRight}
   * @param toRight null when that direction does not run
   * @param rightPoller where the right endpoint belongs, and {@code toLeft}
   * @param toLeft null when that direction does not run
   */
  PolledTransfers(
      Endpoint leftEndpoint,
      Poller leftPoller,
      @Nullable PolledTransfer toRight,
      Endpoint rightEndpoint,
      Poller rightPoller,
      @Nullable PolledTransfer toLeft,
      Transfer.Observer observer) {
    this.observer = observer;
    left = new Side(TransferDirection.LEFT_TO_RIGHT, leftEndpoint, leftPoller, toRight, toLeft);
    right = new Side(TransferDirection.RIGHT_TO_LEFT, rightEndpoint, rightPoller, toLeft, toRight);
  }

  /** An endpoint with the transfers that read and write it. Used on its poller's thread. */
  private final class Side {
    private final TransferDirection direction;
    private final Endpoint endpoint;
    private final Poller poller;
    private final @Nullable PolledTransfer incoming;
    private final @Nullable PolledTransfer outgoing;
    private @Nullable EndpointWatch watch;

    Side(
        TransferDirection direction,
        Endpoint endpoint,
        Poller poller,
        @Nullable PolledTransfer incoming,
        @Nullable PolledTransfer outgoing) {
      this.direction = direction;
      this.endpoint = endpoint;
      this.poller = poller;
      this.incoming = incoming;
      this.outgoing = outgoing;
      if (incoming != null && endpoint.reader() != null) {
        endpoint
            .reader()
            .whenBuffered(() -> poller.execute(() -> incoming.sourceReady(Poller.READABLE)));
      }
    }

    /** Returns false when it cannot be watched, which ends the session. */
    boolean watch() {
      try {
        watch = new EndpointWatch(poller, endpoint, incoming, outgoing);
        return true;
      } catch (RuntimeException e) {
        observer.ended(direction, new TransferEnd.Broken(e));
        return false;
      }
    }

    void begin() {
      if (incoming != null) {
        incoming.run();
      }
    }

    void end() {
      if (watch != null) {
        watch.close(endpoint);
      }
      if (incoming != null) {
        incoming.stop();
      }
    }
  }

  /** Both are watched before one is read: its end may close a descriptor of the other. */
  Transfers start() {
    left.poller.execute(
        () -> {
          if (left.watch()) {
            right.poller.onThread(this::watchRightAndBegin);
          }
        });
    return new Transfers(left.incoming, right.incoming, this::stop);
  }

  private void watchRightAndBegin() {
    if (right.watch()) {
      left.poller.onThread(left::begin);
      right.begin();
    }
  }

  /** One side after the other, each on its own thread, unless it can be done on the spot. */
  private boolean stop(Runnable stopped) {
    boolean onTheSpot = left.poller == right.poller && left.poller.isCurrent();
    if (onTheSpot && left.watch != null && right.watch != null) {
      left.end();
      right.end();
      return true;
    }
    left.poller.execute(
        () -> {
          left.end();
          right.poller.onThread(
              () -> {
                right.end();
                stopped.run();
              });
        });
    return false;
  }
}
