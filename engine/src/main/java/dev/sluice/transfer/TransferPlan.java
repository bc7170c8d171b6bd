package dev.sluice.transfer;

import dev.sluice.Internal;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.stream.LineConversion;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a session's bytes move, and sets the transfers up.
 *
 * <table>
 * <caption>Plans</caption>
 * <tr><td>stream</td><td>something transforms, ends or looks at the data</td></tr>
 * <tr><td>copy or splice, polled</td><td>all descriptors can be polled</td></tr>
 * <tr><td>datagrams in batches, polled</td><td>connected datagram sockets on both sides</td></tr>
 * <tr><td>copy or splice, a thread per direction</td><td>inherited, shared or unpollable descriptors, or an ignored end of data</td></tr>
 * </table>
 */
@Internal
public final class TransferPlan {
  /** Bytes moved at once where no block can be told from another. */
  private static final int BULK_BLOCK = 64 * 1024;

  private final Endpoint left;
  private final Endpoint right;
  private final TransferSettings settings;
  private final TransferRuntime runtime;
  private final Activity activity;
  private final Transfer.Observer observer;

  public TransferPlan(
      Endpoint left,
      Endpoint right,
      TransferSettings settings,
      TransferRuntime runtime,
      Activity activity,
      Transfer.Observer observer) {
    this.left = left;
    this.right = right;
    this.settings = settings;
    this.runtime = runtime;
    this.activity = activity;
    this.observer = observer;
  }

  /** The plan for two channels of any kind, started: all pairs but of descriptors are streams. */
  public static Transfers start(
      Channel left,
      Channel right,
      TransferSettings settings,
      TransferRuntime runtime,
      Activity activity,
      Transfer.Observer observer) {
    return left instanceof Endpoint first && right instanceof Endpoint second
        ? new TransferPlan(first, second, settings, runtime, activity, observer).start()
        : new StreamTransfers(left, right, settings, runtime, activity, observer).start();
  }

  /** The block size that pollers must have memory for. */
  public static int largestBlock(int blockSize) {
    return Math.max(blockSize, BULK_BLOCK);
  }

  /** Sets up and starts the transfers of both directions, or of the one that is wanted. */
  public Transfers start() {
    boolean stream = needsStream();
    if (stream || settings.countedBlocks() || !isStreamBothWays()) {
      for (Endpoint endpoint : new Endpoint[] {left, right}) {
        if (endpoint.reader() != null) {
          endpoint.reader().readPieceByPiece();
        }
      }
    }
    if (stream) {
      return new StreamTransfers(left, right, settings, runtime, activity, observer).start();
    }
    boolean ignoresEnd = left.dataOptions().ignoreEof() || right.dataOptions().ignoreEof();
    return left.isPollable() && right.isPollable() && !ignoresEnd ? startPolled() : startThreads();
  }

  private Endpoint source(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? left : right;
  }

  private Endpoint destination(TransferDirection direction) {
    return source(direction.opposite());
  }

  private boolean runs(TransferDirection direction) {
    return settings.runs(direction)
        && source(direction).reader() != null
        && destination(direction).writer() != null;
  }

  private boolean needsStream() {
    if (settings.forced() == TransferSettings.Plan.STREAM || settings.bandwidth().isLimited()) {
      return true;
    }
    for (TransferDirection direction : TransferDirection.values()) {
      if (runs(direction)
          && (source(direction).dataOptions().escape() >= 0
              || settings.inspection(direction).isNeeded()
              || lines(direction).isNeeded()
              || hasFaults())) {
        return true;
      }
    }
    return false;
  }

  private boolean hasFaults() {
    return settings.faults().areThere(left.dataOptions().faults())
        || settings.faults().areThere(right.dataOptions().faults());
  }

  private LineConversion lines(TransferDirection direction) {
    return new LineConversion(
        source(direction).dataOptions().linesIn(), destination(direction).dataOptions().linesOut());
  }

  private boolean isStreamBothWays() {
    return left.boundary() == Boundary.STREAM && right.boundary() == Boundary.STREAM;
  }

  private int blockSize() {
    return isStreamBothWays() && !settings.exactBlocks()
        ? Math.max(settings.blockSize(), BULK_BLOCK)
        : settings.blockSize();
  }

  private Pump pump(TransferDirection direction) {
    FdReader in = java.util.Objects.requireNonNull(source(direction).reader());
    FdWriter out = java.util.Objects.requireNonNull(destination(direction).writer());
    long limit = source(direction).dataOptions().readBytes();
    boolean spliceable =
        in.canSplice()
            && out.canSplice()
            && isStreamBothWays()
            && !settings.exactBlocks()
            && settings.forced() == TransferSettings.Plan.BEST;
    return spliceable
        ? new SplicePump(in, out, blockSize(), settings.blockSize(), limit, runtime.pipes())
        : new CopyPump(
            in,
            out,
            blockSize(),
            settings.blockSize(),
            limit,
            isStreamBothWays() && !settings.exactBlocks(),
            HeldMemory.OF_PROCESS);
  }

  private Supplier<TransferEnd> endOutput(TransferDirection direction) {
    Endpoint destination = destination(direction);
    return () -> new TransferEnd.EndOfStream(destination.endOutput());
  }

  // --- polled

  private Transfers startPolled() {
    PollerMemory home = runtime.poller();
    PollerMemory back = movesBatches() ? runtime.secondPoller().get() : home;
    PolledTransfer toRight = polled(TransferDirection.LEFT_TO_RIGHT, home, home != back);
    PolledTransfer toLeft = polled(TransferDirection.RIGHT_TO_LEFT, back, home != back);
    return new PolledTransfers(
            new EndpointWatch(left, home.poller(), toRight, toLeft),
            new EndpointWatch(right, back.poller(), toLeft, toRight),
            observer)
        .start();
  }

  /**
   * Whether both directions move datagrams in batches. Each then has a thread: what one has sent is
   * often answered before it has sent the rest.
   */
  private boolean movesBatches() {
    return movesBatches(TransferDirection.LEFT_TO_RIGHT)
        && movesBatches(TransferDirection.RIGHT_TO_LEFT);
  }

  private boolean movesBatches(TransferDirection direction) {
    FdReader in = source(direction).reader();
    FdWriter out = destination(direction).writer();
    return runs(direction)
        && in != null
        && in.canBatch()
        && out != null
        && out.canBatch()
        && left.boundary() == Boundary.DATAGRAM
        && right.boundary() == Boundary.DATAGRAM
        && source(direction).dataOptions().readBytes() == 0
        && settings.forced() == TransferSettings.Plan.BEST;
  }

  private @Nullable PolledTransfer polled(
      TransferDirection direction, PollerMemory memory, boolean destinationElsewhere) {
    if (!runs(direction)) {
      return null;
    }
    Pump pump =
        movesBatches(direction)
            ? new DatagramPump(
                java.util.Objects.requireNonNull(source(direction).reader()),
                java.util.Objects.requireNonNull(destination(direction).writer()),
                settings.blockSize(),
                memory)
            : pump(direction);
    return new PolledTransfer(
        direction, pump, memory, destinationElsewhere, activity, observer, destination(direction));
  }

  // --- threads

  private Transfers startThreads() {
    Stopping stopping = new Stopping();
    ThreadTransfer toRight = threaded(TransferDirection.LEFT_TO_RIGHT, stopping);
    ThreadTransfer toLeft = threaded(TransferDirection.RIGHT_TO_LEFT, stopping);
    for (ThreadTransfer transfer : new ThreadTransfer[] {toRight, toLeft}) {
      if (transfer != null) {
        transfer.start();
      }
    }
    return Transfers.of(
        toRight,
        toLeft,
        stopped -> {
          stopping.then(stopped);
          for (ThreadTransfer transfer : new ThreadTransfer[] {toRight, toLeft}) {
            if (transfer != null) {
              transfer.stop();
            }
          }
          stopping.one();
          return false;
        });
  }

  /** Waits for all threads of a session, and for the wish to stop. */
  private static final class Stopping {
    private final AtomicInteger outstanding = new AtomicInteger(1);
    private volatile Runnable action = () -> {};

    void add() {
      outstanding.incrementAndGet();
    }

    void then(Runnable newAction) {
      action = newAction;
    }

    void one() {
      if (outstanding.decrementAndGet() == 0) {
        action.run();
      }
    }
  }

  private @Nullable ThreadTransfer threaded(TransferDirection direction, Stopping stopping) {
    if (!runs(direction)) {
      return null;
    }
    stopping.add();
    return new ThreadTransfer(
        direction,
        pump(direction),
        java.util.Objects.requireNonNull(source(direction).reader()),
        java.util.Objects.requireNonNull(destination(direction).writer()),
        source(direction).dataOptions().ignoreEof(),
        blockSize(),
        runtime.blockingIo(),
        activity,
        observer,
        endOutput(direction),
        stopping::one);
  }
}
