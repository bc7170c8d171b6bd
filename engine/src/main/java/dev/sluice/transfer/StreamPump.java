package dev.sluice.transfer;

import akka.Done;
import akka.japi.Pair;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.endpoint.DataOptions;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.stream.BlockingMap;
import dev.sluice.stream.EscapeCut;
import dev.sluice.stream.FaultStage;
import dev.sluice.stream.FdSink;
import dev.sluice.stream.FdSource;
import dev.sluice.stream.Inspection;
import dev.sluice.stream.LineConversion;
import dev.sluice.stream.PaceStage;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes as an Akka stream, materialised for one direction: whatever transforms, limits or
 * looks at the data goes in between.
 */
final class StreamPump implements Transfer {
  private final TransferDirection direction;
  private final Source<ByteString, FdSource.Control> source;
  private final @Nullable EscapeCut escape;
  private final LineConversion lines;
  private final Inspection inspection;
  private final @Nullable FaultStage faults;
  private final @Nullable PaceStage pace;
  private final Sink<ByteString, CompletionStage<Done>> sink;
  private final Materializer materializer;
  private final Executor threads;
  private final Activity activity;
  private final Observer observer;
  private final Supplier<TransferEnd> endOutput;
  private volatile FdSource.@Nullable Control control;
  private volatile @Nullable UniqueKillSwitch killSwitch;
  private volatile boolean cancelled;

  /** A block is on its way to the sink, or with it. */
  private volatile boolean writing;

  private volatile boolean writeFailed;
  private volatile long bytes;
  private volatile long blocks;

  /**
   * Sets up; nothing runs yet.
   *
   * @param faults what the data suffer on purpose; null for nothing
   * @param pace keeps them from being too fast; null for nothing
   * @param sink made with somebody to tell what becomes of the elements
   * @param threads for what looks at the data, and may block
   * @param endOutput ends the destination's output, once the sink is done
   */
  StreamPump(
      TransferDirection direction,
      Source<ByteString, FdSource.Control> source,
      DataOptions sourceOptions,
      LineConversion lines,
      Inspection inspection,
      @Nullable FaultStage faults,
      @Nullable PaceStage pace,
      Function<FdSink.Monitor, Sink<ByteString, CompletionStage<Done>>> sink,
      Materializer materializer,
      Executor threads,
      Activity activity,
      Observer observer,
      Supplier<TransferEnd> endOutput) {
    this.direction = direction;
    this.source = source;
    this.escape = sourceOptions.escape() < 0 ? null : new EscapeCut(sourceOptions.escape());
    this.lines = lines;
    this.inspection = inspection;
    this.faults = faults;
    this.pace = pace;
    this.sink = sink.apply(new Monitor());
    this.materializer = materializer;
    this.threads = threads;
    this.activity = activity;
    this.observer = observer;
    this.endOutput = endOutput;
  }

  /** Counts what the sink wrote, and tells what it could not. */
  private final class Monitor implements FdSink.Monitor {
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who writes to the sink
    public void written(int length) {
      writing = false;
      bytes += length;
      blocks++;
    }

    @Override
    public boolean failed(EndpointFailure failure, int lost) {
      writing = false;
      if (cancelled) {
        return false;
      }
      activity.touch();
      writeFailed = true;
      return observer.writeFailed(direction, failure.error(), lost);
    }

    @Override
    public void abandoned(int lost) {
      observer.stoppedWith(direction, lost);
    }
  }

  synchronized void start() {
    if (cancelled) {
      return;
    }
    Source<ByteString, Pair<FdSource.Control, UniqueKillSwitch>> blocks =
        source.viaMat(KillSwitches.single(), Keep.both());
    if (escape != null) {
      blocks = blocks.via(escape);
    }
    if (faults != null) {
      blocks = blocks.via(faults);
    }
    if (pace != null) {
      blocks = blocks.via(pace);
    }
    blocks =
        inspection.isNeeded()
            ? blocks.via(new BlockingMap(threads, this::prepare, this::cutOff))
            : blocks.map(this::prepare);
    Pair<Pair<FdSource.Control, UniqueKillSwitch>, CompletionStage<Done>> running =
        blocks.toMat(sink, Keep.both()).run(materializer);
    control = running.first().first();
    killSwitch = running.first().second();
    running.second().whenComplete((done, failure) -> report(failure));
  }

  private void cutOff(int lost) {
    if (cancelled) {
      observer.stoppedWith(direction, lost);
    }
  }

  private ByteString prepare(ByteString block) {
    activity.touch();
    writing = true;
    if (!lines.isNeeded() && !inspection.isNeeded()) {
      return block;
    }
    byte[] bytes = block.toArrayUnsafe();
    if (lines.isNeeded()) {
      bytes = lines.convert(bytes);
    }
    if (inspection.isNeeded() && bytes.length > 0) {
      inspection.look(bytes);
    }
    writing = bytes.length > 0;
    return ByteString.fromArrayUnsafe(bytes);
  }

  private void report(@Nullable Throwable failure) {
    if (cancelled || writeFailed) {
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause == null) {
      observer.sourceEnded(direction);
      observer.ended(direction, endOutput.get());
    } else if (cause instanceof EndpointFailure endpointFailure) {
      if (endpointFailure.isReading()) {
        observer.ended(direction, new TransferEnd.ReadFailed(endpointFailure.error()));
      }
    } else {
      observer.ended(direction, new TransferEnd.Broken(cause));
    }
  }

  /** Stops; the stream ends soon after, as one that was cut off. */
  synchronized void stop() {
    cancelled = true;
    if (heldBack() > 0) {
      observer.stoppedWith(direction, heldBack());
    }
    if (killSwitch != null) {
      killSwitch.abort(new IllegalStateException("stopped before the end of data"));
    }
  }

  @Override
  public void drainThenEnd() {
    if (control != null) {
      control.drainThenEnd();
    }
  }

  @Override
  public void closing() {
    if (control != null) {
      control.honourEnd();
    }
  }

  @Override
  public boolean waitsForRoom() {
    return writing || heldBack() > 0;
  }

  /** Bytes that a fault or a limit delays. */
  private long heldBack() {
    return (faults == null ? 0 : faults.held()) + (pace == null ? 0 : pace.held());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long blocks() {
    return blocks;
  }

  @Override
  public String plan() {
    return "stream";
  }
}
