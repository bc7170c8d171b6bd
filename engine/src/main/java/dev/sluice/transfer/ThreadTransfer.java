package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.ReadinessWait;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives a pump on a thread of its own, for descriptors that a poller can't serve: inherited ones,
 * regular files, ones that several sessions share. Waits with poll(2), so that {@link #stop()} gets
 * through.
 */
final class ThreadTransfer implements Transfer, Runnable {
  private static final int RETRY_MILLIS = 1000;

  private final TransferDirection direction;
  private final Pump pump;
  private final FdReader reader;
  private final int source;
  private final int destination;
  private final FdWriter writer;
  private final boolean ignoreEof;
  private final int blockSize;
  private final Executor threads;
  private final Activity activity;
  private final Observer observer;
  private final Supplier<TransferEnd> endOutput;
  private final Runnable stopped;
  private final ReadinessWait wait = new ReadinessWait();
  private volatile boolean draining;
  private volatile boolean closing;

  /** A step is being taken, which may block in a write, or room is waited for. */
  private volatile boolean atWork;

  ThreadTransfer(
      TransferDirection direction,
      Pump pump,
      FdReader reader,
      FdWriter writer,
      boolean ignoreEof,
      int blockSize,
      Executor threads,
      Activity activity,
      Observer observer,
      Supplier<TransferEnd> endOutput,
      Runnable stopped) {
    this.direction = direction;
    this.pump = pump;
    this.reader = reader;
    this.source = reader.fd().number();
    this.destination = writer.fd().number();
    this.writer = writer;
    this.ignoreEof = ignoreEof;
    this.blockSize = blockSize;
    this.threads = threads;
    this.activity = activity;
    this.observer = observer;
    this.endOutput = endOutput;
    this.stopped = stopped;
  }

  /** Starts the thread; without one the direction ends at once. */
  void start() {
    reader.whenBuffered(wait::nudge);
    try {
      threads.execute(this);
    } catch (RejectedExecutionException e) {
      observer.ended(direction, new TransferEnd.Broken(e));
      leave();
    }
  }

  @Override
  public void run() {
    try {
      TransferEnd end = pumpUntilEnd(new Block(blockSize));
      if (end != null) {
        observer.ended(direction, end);
      }
    } catch (Throwable failure) {
      observer.ended(direction, new TransferEnd.Broken(failure));
    } finally {
      leave();
    }
  }

  private void leave() {
    atWork = false;
    long lost = pump.release();
    if (lost > 0) {
      observer.stoppedWith(direction, lost);
    }
    wait.close();
    stopped.run();
  }

  /** Returns how the data ended, or null when cancelled, or when a failed write has ended it. */
  private @Nullable TransferEnd pumpUntilEnd(Block scratch) {
    while (!wait.isCancelled()) {
      try {
        return pumpUntilFailure(scratch);
      } catch (EndpointFailure failure) {
        if (wait.isCancelled()) {
          return null;
        }
        if (failure.isReading()) {
          return new TransferEnd.ReadFailed(failure.error());
        }
        activity.touch();
        if (!observer.writeFailed(direction, failure.error(), pump.release())) {
          return null;
        }
      }
    }
    return null;
  }

  private @Nullable TransferEnd pumpUntilFailure(Block scratch) {
    while (!wait.isCancelled()) {
      if (!pump.holdsBytes()) {
        ReadinessWait.Result input = awaitInput();
        if (input == ReadinessWait.Result.TIMED_OUT) {
          return end();
        }
        if (input == ReadinessWait.Result.WOKEN) {
          continue;
        }
      }
      atWork = true;
      Pump.Step step = pump.step(scratch);
      if (step != Pump.Step.WANTS_OUTPUT) {
        atWork = false;
      }
      switch (step) {
        case MOVED, MOVED_ALL -> activity.touch();
        case WANTS_INPUT -> {
          if (draining && !pump.expectsMore()) {
            return end();
          }
        }
        case WANTS_OUTPUT -> wait.awaitOutput(destination);
        case END -> {
          if (!ignoreEof || closing) {
            return end();
          }
          wait.pause(RETRY_MILLIS);
        }
      }
    }
    return null;
  }

  /**
   * Waits until there is input, and a destination that takes any; only a drained source makes it
   * time out.
   */
  private ReadinessWait.Result awaitInput() {
    if (!writer.acceptsData()) {
      return wait.pause(-1);
    }
    return reader.hasBuffered()
        ? ReadinessWait.Result.READY
        : wait.awaitInput(source, draining ? 0 : -1);
  }

  /** Ends the thread's waiting; {@code stopped} follows. */
  void stop() {
    wait.cancel();
  }

  private TransferEnd end() {
    observer.sourceEnded(direction);
    return endOutput.get();
  }

  @Override
  public void drainThenEnd() {
    draining = true;
    wait.nudge();
  }

  @Override
  public void closing() {
    closing = true;
    wait.nudge();
  }

  @Override
  public boolean waitsForRoom() {
    return atWork;
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
