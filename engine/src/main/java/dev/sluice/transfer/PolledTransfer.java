package dev.sluice.transfer;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.os.Poller;
import org.jspecify.annotations.Nullable;

/**
 * Drives a pump on the thread of the poller that watches its source; another may watch the
 * destination.
 *
 * <p>Fields are that thread's own, but for {@code waitsForRoom}. At each turn at most {@link
 * #BUDGET} steps are taken, then others have their turn. Allocates nothing.
 */
final class PolledTransfer implements Transfer, Runnable {
  private static final int BUDGET = 16;

  /** Bytes up to which a piece may be a question that is answered at once; what is more is bulk. */
  private static final int SMALL = 4096;

  private final TransferDirection direction;
  private final Pump pump;
  private final PollerMemory memory;
  private final boolean destinationElsewhere;
  private final Activity activity;
  private final Observer observer;
  private final Endpoint into;
  private boolean readable = true;
  private boolean writable = true;

  /**
   * Only {@code -EAGAIN} means that the source is empty: it has hung up, or sends urgent data, or
   * its program has ended.
   */
  private boolean readsUntilRefused;

  private boolean draining;
  private boolean queued;
  private boolean looking;
  private @Nullable Runnable look;
  private Poller.@Nullable Registration destination;
  private boolean done;
  private volatile boolean waitsForRoom;

  /**
   * Sets up.
   *
   * @param into its writing half is ended at the end of the data
   */
  PolledTransfer(
      TransferDirection direction,
      Pump pump,
      PollerMemory memory,
      boolean destinationElsewhere,
      Activity activity,
      Observer observer,
      Endpoint into) {
    this.direction = direction;
    this.pump = pump;
    this.memory = memory;
    this.destinationElsewhere = destinationElsewhere;
    this.activity = activity;
    this.observer = observer;
    this.into = into;
  }

  /** The destination is watched from now on; told before the first step. */
  void destinationWatched(Poller.Registration registration) {
    destination = registration;
  }

  /** The source became readable, or ended; {@code events} as {@link Poller.Handler} has them. */
  void sourceReady(int events) {
    readable = true;
    readsUntilRefused |= (events & (Poller.HANGUP | Poller.URGENT)) != 0;
    turn();
  }

  /** The destination became writable, or broke. On the thread of the poller that watches it. */
  void destinationReady() {
    if (!destinationElsewhere) {
      foundRoom();
    } else if (waitsForRoom) {
      memory.poller().execute(this::foundRoom);
    }
  }

  private void foundRoom() {
    waitsForRoom = false;
    writable = true;
    turn();
  }

  /** The destination has no room. The wish is known before it is met, on whatever thread. */
  private void waitForRoom() {
    writable = false;
    waitsForRoom = true;
    if (destination != null) {
      destination.awaitRoom();
    }
  }

  @Override
  public void run() {
    queued = false;
    turn();
  }

  /**
   * Moves one block; whether it moved anything.
   *
   * @param before bytes that had been moved when this turn began
   */
  private boolean step(long before) {
    switch (pump.step(memory.scratch())) {
      case MOVED -> {
        return true;
      }
      case MOVED_ALL -> {
        readable = readsUntilRefused;
        if (pump.bytes() - before <= SMALL) {
          memory.poller().expectSoon();
        }
        return true;
      }
      case WANTS_INPUT -> {
        readable = false;
        if (draining && !pump.expectsMore()) {
          end();
        }
      }
      case WANTS_OUTPUT -> waitForRoom();
      case END -> end();
    }
    return false;
  }

  private void turn() {
    if (done || queued) {
      return;
    }
    boolean moved = false;
    long before = pump.bytes();
    try {
      for (int i = 0; i < BUDGET && !done; i++) {
        if (pump.holdsBytes() ? !writable : !readable || !writable) {
          break;
        }
        moved |= step(before);
      }
    } catch (EndpointFailure failure) {
      moved = true;
      failed(failure);
    } catch (Throwable failure) { // also when there is no memory for what found no room
      pump.release();
      finish(new TransferEnd.Broken(failure));
    } finally {
      if (moved) {
        activity.touch();
      }
    }
    if (done || !writable) {
      return;
    }
    if (readable) {
      queued = true;
      memory.poller().execute(this);
    } else if (!looking && pump.expectsMore()) {
      lookAgain();
    }
  }

  private void lookAgain() {
    if (look == null) {
      look = this::look;
    }
    looking = true;
    memory.poller().lookAgain(look);
  }

  private void look() {
    looking = false;
    readable = true;
    turn();
  }

  private void failed(EndpointFailure failure) {
    if (failure.isReading()) {
      finish(new TransferEnd.ReadFailed(failure.error()));
    } else {
      waitsForRoom = false;
      done = !observer.writeFailed(direction, failure.error(), pump.release());
    }
  }

  private void end() {
    if (destinationElsewhere) {
      observer.sourceEnded(direction);
    }
    finish(new TransferEnd.EndOfStream(into.endOutput()));
  }

  private void finish(TransferEnd end) {
    done = true;
    waitsForRoom = false;
    pump.release();
    observer.ended(direction, end);
  }

  /** Stops, on the poller's thread. */
  void stop() {
    done = true;
    long lost = pump.release();
    if (lost > 0) {
      observer.stoppedWith(direction, lost);
    }
  }

  @Override
  public void drainThenEnd() {
    memory
        .poller()
        .execute(
            () -> {
              draining = true;
              readsUntilRefused = true;
              readable = true;
              turn();
            });
  }

  @Override
  public void closing() {}

  @Override
  public boolean waitsForRoom() {
    return waitsForRoom;
  }

  @Override
  public long bytes() {
    return pump.bytes();
  }

  @Override
  public long blocks() {
    return pump.blocks();
  }

  @Override
  public String plan() {
    return pump.plan();
  }
}
