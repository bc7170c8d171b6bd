package dev.sluice.stream;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import dev.sluice.os.ReadinessWait;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the reads and writes of one endpoint are done, away from the stream's actor: on a poller's
 * thread, or on one that may block.
 *
 * <p>At most one input and one output attempt are under way at a time.
 */
public abstract class IoLane {
  /**
   * Tries to read or write; false when the descriptor is not ready, and the attempt is to be made
   * again when it is.
   */
  interface Attempt {
    boolean make();

    /** The descriptor can't be watched, so the attempt will never be made. */
    void failed(int errno);

    /** The lane was closed before the attempt succeeded; nobody uses the descriptor any more. */
    default void abandoned() {}
  }

  /**
   * A lane for an endpoint: polled if its descriptors can be, on threads of {@code blockingIo}
   * otherwise.
   */
  public static IoLane of(Endpoint endpoint, Poller poller, Executor blockingIo) {
    FdReader reader = endpoint.reader();
    FdWriter writer = endpoint.writer();
    Fd in = reader == null ? null : reader.fd();
    Fd out = writer == null ? null : writer.fd();
    IoLane lane =
        endpoint.isPollable()
            ? new Polled(poller, in, out)
            : new Threaded(blockingIo, reader, in, out);
    if (reader != null) {
      reader.whenBuffered(lane::nudgeInput);
    }
    return lane;
  }

  /** Makes the attempt when there is input. */
  abstract void input(Attempt attempt);

  /** Makes the attempt when there is room for output. */
  abstract void output(Attempt attempt);

  /** Makes a waiting input attempt now. */
  abstract void nudgeInput();

  /** Makes no more attempts; {@code closed} runs once nobody uses the descriptors any more. */
  public abstract void close(Runnable closed);

  private static final class Polled extends IoLane {
    private final Poller poller;
    private final @Nullable Fd in;
    private final @Nullable Fd out;
    private Poller.@Nullable Registration first;
    private Poller.@Nullable Registration second;
    private @Nullable Attempt pendingInput;
    private @Nullable Attempt pendingOutput;
    private boolean closed;

    Polled(Poller poller, @Nullable Fd in, @Nullable Fd out) {
      this.poller = poller;
      this.in = in;
      this.out = out;
    }

    /** Whether the descriptors are watched; tells the attempt if that can't be. */
    private boolean isWatchedFor(Attempt attempt) {
      try {
        register();
        return true;
      } catch (NativeError e) {
        attempt.failed(e.errno());
        return false;
      }
    }

    private void register() {
      if (in != null && first == null) {
        first = watch(in);
      }
      if (out != null && out != in && second == null) {
        second = watch(out);
      }
    }

    /** Null when the output has ended already, and its descriptor with it. */
    private Poller.@Nullable Registration watch(Fd fd) {
      return fd.whileOpen(() -> poller.register(fd.number(), this::ready));
    }

    private void ready(int events) {
      if ((events & Poller.READABLE) != 0) {
        retryInput();
      }
      if ((events & Poller.WRITABLE) != 0 && pendingOutput != null) {
        Attempt attempt = pendingOutput;
        pendingOutput = null;
        tryOutput(attempt);
      }
    }

    private void tryOutput(Attempt attempt) {
      if (!attempt.make()) {
        pendingOutput = attempt;
        Poller.Registration registration = second != null ? second : first;
        if (registration != null) {
          registration.awaitRoom();
        }
      }
    }

    private void retryInput() {
      if (pendingInput != null) {
        Attempt attempt = pendingInput;
        pendingInput = null;
        pendingInput = attempt.make() ? null : attempt;
      }
    }

    @Override
    void input(Attempt attempt) {
      poller.execute(
          () -> {
            if (!closed && isWatchedFor(attempt)) {
              pendingInput = attempt.make() ? null : attempt;
            }
          });
    }

    @Override
    void output(Attempt attempt) {
      poller.execute(
          () -> {
            if (closed) {
              attempt.abandoned();
            } else if (isWatchedFor(attempt)) {
              tryOutput(attempt);
            }
          });
    }

    /**
     * A descriptor that was closed already is not named to the kernel: its number may be another's
     * by now.
     */
    private static void end(Poller.@Nullable Registration registration, @Nullable Fd fd) {
      if (registration == null || fd == null) {
        return;
      }
      Object done =
          fd.whileOpen(
              () -> {
                registration.close();
                return fd;
              });
      if (done == null) {
        registration.abandon();
      }
    }

    @Override
    void nudgeInput() {
      poller.execute(this::retryInput);
    }

    @Override
    public void close(Runnable whenClosed) {
      poller.execute(
          () -> {
            closed = true;
            end(first, in);
            end(second, out);
            if (pendingOutput != null) {
              pendingOutput.abandoned();
              pendingOutput = null;
            }
            whenClosed.run();
          });
    }
  }

  private static final class Threaded extends IoLane {
    private final Executor threads;
    private final @Nullable FdReader reader;
    private final @Nullable Fd in;
    private final @Nullable Fd out;
    private final ReadinessWait inputWait = new ReadinessWait();
    private final ReadinessWait outputWait = new ReadinessWait();
    private int running;
    private boolean closed;
    private Runnable whenClosed = () -> {};

    Threaded(Executor threads, @Nullable FdReader reader, @Nullable Fd in, @Nullable Fd out) {
      this.threads = threads;
      this.reader = reader;
      this.in = in;
      this.out = out;
    }

    /** Returns false when the lane is closed, and the work is not done. */
    private boolean run(Runnable work) {
      synchronized (this) {
        if (closed) {
          return false;
        }
        running++;
      }
      try {
        threads.execute(
            () -> {
              try {
                work.run();
              } finally {
                done();
              }
            });
      } catch (RejectedExecutionException e) {
        done();
        throw e; // fails the stage
      }
      return true;
    }

    private synchronized void done() {
      if (--running == 0 && closed) {
        free();
      }
    }

    private void free() {
      inputWait.close();
      outputWait.close();
      whenClosed.run();
    }

    @Override
    void input(Attempt attempt) {
      int fd = in == null ? -1 : in.number();
      run(
          () -> {
            while (!inputWait.isCancelled()) {
              if (reader != null && reader.hasBuffered() && attempt.make()) {
                return;
              }
              ReadinessWait.Result result = inputWait.awaitInput(fd, -1);
              if (result == ReadinessWait.Result.READY && attempt.make()) {
                return;
              }
              if (result == ReadinessWait.Result.WOKEN
                  && !inputWait.isCancelled()
                  && inputWait.awaitInput(fd, 0) == ReadinessWait.Result.TIMED_OUT
                  && attempt.make()) {
                return;
              }
            }
          });
    }

    @Override
    void output(Attempt attempt) {
      int fd = out == null ? -1 : out.number();
      boolean accepted =
          run(
              () -> {
                while (!outputWait.isCancelled()) {
                  if (outputWait.awaitOutput(fd) == ReadinessWait.Result.READY && attempt.make()) {
                    return;
                  }
                }
                attempt.abandoned();
              });
      if (!accepted) {
        attempt.abandoned();
      }
    }

    @Override
    void nudgeInput() {
      inputWait.nudge();
    }

    @Override
    public synchronized void close(Runnable action) {
      if (!closed) {
        closed = true;
        whenClosed = action;
        inputWait.cancel();
        outputWait.cancel();
        if (running == 0) {
          free();
        }
      }
    }
  }
}
