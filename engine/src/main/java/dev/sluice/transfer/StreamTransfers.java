package dev.sluice.transfer;

import akka.Done;
import akka.NotUsed;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.DataOptions;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.fault.Fault;
import dev.sluice.stream.ByteLimit;
import dev.sluice.stream.FaultStage;
import dev.sluice.stream.FdSink;
import dev.sluice.stream.FdSource;
import dev.sluice.stream.Gauge;
import dev.sluice.stream.IoLane;
import dev.sluice.stream.LineConversion;
import dev.sluice.stream.PaceStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stream plan: each direction is an Akka stream of its own. Serves every pair of channels, and
 * is the only plan for channels that are not descriptors.
 */
final class StreamTransfers {
  private final TransferSettings settings;
  private final TransferRuntime runtime;
  private final Activity activity;
  private final Transfer.Observer observer;
  private final Materializer materializer;
  private final Side left;
  private final Side right;

  StreamTransfers(
      Channel left,
      Channel right,
      TransferSettings settings,
      TransferRuntime runtime,
      Activity activity,
      Transfer.Observer observer) {
    this.settings = settings;
    this.runtime = runtime;
    this.activity = activity;
    this.observer = observer;
    this.materializer = runtime.materializer().get();
    this.left = side(left, right);
    this.right = side(right, left);
  }

  /** A channel as streams. */
  private interface Side {
    Channel channel();

    Source<ByteString, FdSource.Control> source();

    Sink<ByteString, CompletionStage<Done>> sink(FdSink.Monitor monitor);

    /** Ends the output, after the sink is done. */
    TransferEnd endOutput();

    /** Ends a half that no transfer uses. */
    default void leaveSource() {}

    /** Ends a half that no transfer uses. */
    default void leaveSink() {}

    /** Uses the channel no more; {@code closed} runs once nobody does. */
    void close(Runnable closed);
  }

  private Side side(Channel channel, Channel other) {
    return channel instanceof Endpoint endpoint
        ? new Descriptors(
            endpoint,
            IoLane.of(endpoint, runtime.poller().poller(), runtime.blockingIo()),
            settings.blockSize())
        : streams((StreamChannel) channel, other);
  }

  private record Descriptors(Endpoint channel, IoLane lane, int blockSize) implements Side {
    @Override
    public Source<ByteString, FdSource.Control> source() {
      FdReader reader = Objects.requireNonNull(channel.reader());
      return Source.fromGraph(new FdSource(reader, lane, blockSize, channel.dataOptions()));
    }

    @Override
    public Sink<ByteString, CompletionStage<Done>> sink(FdSink.Monitor monitor) {
      FdWriter writer = Objects.requireNonNull(channel.writer());
      return Sink.fromGraph(new FdSink(writer, lane, monitor));
    }

    @Override
    public TransferEnd endOutput() {
      return new TransferEnd.EndOfStream(channel.endOutput());
    }

    @Override
    public void close(Runnable closed) {
      lane.close(closed);
    }
  }

  private Side streams(StreamChannel channel, Channel other) {
    return new Streams(channel, channel.connect(materializer, other), materializer);
  }

  private record Streams(
      StreamChannel channel, StreamChannel.Halves halves, Materializer materializer)
      implements Side {
    @Override
    public Source<ByteString, FdSource.Control> source() {
      DataOptions options = channel.dataOptions();
      Source<ByteString, ?> given = Objects.requireNonNull(halves.source());
      Source<ByteString, NotUsed> bytes = given.mapMaterializedValue(any -> NotUsed.getInstance());
      if (options.readBytes() > 0) {
        bytes = bytes.via(new ByteLimit(options.readBytes()));
      }
      // lazily: else one element is asked for ahead, and to be asked means that the one before was
      // taken
      Source<ByteString, CompletableFuture<Optional<ByteString>>> open =
          bytes.concatLazyMat(Source.maybe(), Keep.right());
      return open.mapMaterializedValue(
          end -> {
            if (!options.ignoreEof()) {
              end.complete(Optional.empty());
            }
            return new End(end);
          });
    }

    @Override
    public Sink<ByteString, CompletionStage<Done>> sink(FdSink.Monitor monitor) {
      return Flow.of(ByteString.class)
          .via(new Gauge(monitor))
          .toMat(Objects.requireNonNull(halves.sink()), Keep.right());
    }

    @Override
    public TransferEnd endOutput() {
      return new TransferEnd.EndOfStream(null); // the sink's completion was the end
    }

    @Override
    public void leaveSource() {
      if (halves.source() != null) {
        halves.source().runWith(Sink.cancelled(), materializer);
      }
    }

    @Override
    public void leaveSink() {
      if (halves.sink() != null) {
        Source.<ByteString>empty().runWith(halves.sink(), materializer);
      }
    }

    @Override
    public void close(Runnable closed) {
      channel.leave().whenComplete((done, failure) -> closed.run());
    }
  }

  /** The end of a source whose own end may be ignored. */
  private record End(CompletableFuture<Optional<ByteString>> end) implements FdSource.Control {
    @Override
    public void drainThenEnd() {
      honourEnd();
    }

    @Override
    public void honourEnd() {
      end.complete(Optional.empty());
    }
  }

  Transfers start() {
    StreamPump toRight = pump(TransferDirection.LEFT_TO_RIGHT, left, right);
    StreamPump toLeft = pump(TransferDirection.RIGHT_TO_LEFT, right, left);
    List<StreamPump> pumps = new ArrayList<>(2);
    for (StreamPump pump : new @Nullable StreamPump[] {toRight, toLeft}) {
      if (pump != null) {
        pumps.add(pump);
      }
    }
    pumps.forEach(StreamPump::start);
    return Transfers.of(
        toRight,
        toLeft,
        stopped -> {
          pumps.forEach(StreamPump::stop);
          left.close(() -> right.close(stopped));
          return false;
        });
  }

  /** What the data of a direction suffer; null when nothing is asked for. */
  private @Nullable FaultStage faults(TransferDirection direction, Channel from, Channel to) {
    List<Fault> ofAddresses = new ArrayList<>(left.channel().dataOptions().faults());
    ofAddresses.addAll(right.channel().dataOptions().faults());
    if (!settings.faults().areThere(ofAddresses)) {
      return null;
    }
    return new FaultStage(
        settings.faults(),
        List.copyOf(ofAddresses),
        direction == TransferDirection.LEFT_TO_RIGHT,
        areDatagrams(from, to),
        StreamChannel.OtherSide.of(from).acknowledges());
  }

  private static boolean areDatagrams(Channel from, Channel to) {
    return from.boundary() == Boundary.DATAGRAM || to.boundary() == Boundary.DATAGRAM;
  }

  /** What keeps a direction from being too fast; null when it may be as fast as it can. */
  private @Nullable PaceStage pace(TransferDirection direction, Channel from, Channel to) {
    return settings.bandwidth().isLimited()
        ? new PaceStage(
            settings.bandwidth().share(direction == TransferDirection.LEFT_TO_RIGHT),
            areDatagrams(from, to))
        : null;
  }

  private @Nullable StreamPump pump(TransferDirection direction, Side from, Side to) {
    boolean runs =
        settings.runs(direction) && from.channel().isReadable() && to.channel().isWritable();
    if (!runs) {
      from.leaveSource();
      to.leaveSink();
      return null;
    }
    DataOptions options = from.channel().dataOptions();
    Function<FdSink.Monitor, Sink<ByteString, CompletionStage<Done>>> sink = to::sink;
    return new StreamPump(
        direction,
        from.source(),
        options,
        new LineConversion(options.linesIn(), to.channel().dataOptions().linesOut()),
        settings.inspection(direction),
        faults(direction, from.channel(), to.channel()),
        pace(direction, from.channel(), to.channel()),
        sink,
        materializer,
        runtime.blockingIo(),
        activity,
        observer,
        to::endOutput);
  }
}
