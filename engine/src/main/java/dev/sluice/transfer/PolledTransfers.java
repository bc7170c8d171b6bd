package dev.sluice.transfer;

import dev.sluice.os.Poller;

/**
 * The transfers of a session whose descriptors pollers watch. An endpoint belongs to one poller,
 * which drives the transfer that reads it; both endpoints may belong to the same.
 */
final class PolledTransfers extends Transfers {
  private final Transfer.Observer observer;
  private final EndpointWatch left;
  private final EndpointWatch right;

  /**
   * Sets up; nothing runs yet.
   *
   * @param left what reads it moves to the right
   * @param right what reads it moves to the left
   */
  PolledTransfers(EndpointWatch left, EndpointWatch right, Transfer.Observer observer) {
    super(left.incoming(), right.incoming());
    this.observer = observer;
    this.left = left;
    this.right = right;
  }

  /** Both are watched before one is read: its end may close a descriptor of the other. */
  PolledTransfers start() {
    left.poller()
        .execute(
            () -> {
              if (watch(left, TransferDirection.LEFT_TO_RIGHT)) {
                right.poller().onThread(this::watchRightAndBegin);
              }
            });
    return this;
  }

  private void watchRightAndBegin() {
    if (watch(right, TransferDirection.RIGHT_TO_LEFT)) {
      left.poller().onThread(left::begin);
      right.begin();
    }
  }

  /** Returns false when an endpoint cannot be watched, which ends the session. */
  private boolean watch(EndpointWatch endpoint, TransferDirection from) {
    try {
      endpoint.start();
      return true;
    } catch (RuntimeException e) {
      observer.ended(from, new TransferEnd.Broken(e));
      return false;
    }
  }

  /** One side after the other, each on its own thread, unless it can be done on the spot. */
  @Override
  public boolean stop(Runnable stopped) {
    Poller ofLeft = left.poller();
    boolean onTheSpot = ofLeft == right.poller() && ofLeft.isCurrent();
    if (onTheSpot && left.isStarted() && right.isStarted()) {
      left.end();
      right.end();
      return true;
    }
    ofLeft.execute(
        () -> {
          left.end();
          right
              .poller()
              .onThread(
                  () -> {
                    right.end();
                    stopped.run();
                  });
        });
    return false;
  }
}
