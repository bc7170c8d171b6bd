package dev.sluice.stream;

import akka.Done;
import akka.NotUsed;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.os.Poller;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The halves of an open channel as streams. The channel is closed once those that are used are
 * done; to be used once.
 *
 * <p>Back-pressure reaches the descriptor: what is not asked for is not read. When the upstream of
 * a sink completes, the channel is half-closed; when it fails, the channel is aborted, so that its
 * peer does not take what it has for all. A failure to read or write fails the stream with {@link
 * EndpointFailure}.
 */
public final class ChannelStreams {
  private final Poller poller;
  private final Executor blockingIo;
  private final int blockSize;

  /**
   * Makes streams of channels.
   *
   * @param poller serves the channels' descriptors
   * @param blockingIo runs reads and writes of descriptors that can't be polled
   * @param blockSize bytes of one read
   */
  public ChannelStreams(Poller poller, Executor blockingIo, int blockSize) {
    this.poller = poller;
    this.blockingIo = blockingIo;
    this.blockSize = blockSize;
  }

  /** The channel's output, as a source. */
  public Source<ByteString, NotUsed> source(Channel channel) {
    return channel instanceof StreamChannel streams
        ? Source.fromMaterializer(
                (materializer, attributes) -> {
                  Source<ByteString, ?> source =
                      Objects.requireNonNull(streams.connect(materializer).source());
                  return closing(source, streams);
                })
            .mapMaterializedValue(value -> NotUsed.getInstance())
        : reading(new Halves((Endpoint) channel, 1));
  }

  /**
   * The channel's input, as a sink; the materialised stage completes when everything is written.
   */
  public Sink<ByteString, CompletionStage<Done>> sink(Channel channel) {
    return channel instanceof StreamChannel streams
        ? Sink.<ByteString, CompletionStage<Done>>fromMaterializer(
                (materializer, attributes) ->
                    closing(Objects.requireNonNull(streams.connect(materializer).sink()), streams))
            .mapMaterializedValue(value -> value.thenCompose(done -> done))
        : writing(new Halves((Endpoint) channel, 1));
  }

  /** Both halves: what goes in is written, what comes out was read. */
  public Flow<ByteString, ByteString, NotUsed> flow(Channel channel) {
    if (channel instanceof StreamChannel streams) {
      return Flow.<ByteString, ByteString, NotUsed>fromMaterializer(
              (materializer, attributes) -> joined(streams, materializer))
          .mapMaterializedValue(value -> NotUsed.getInstance());
    }
    Halves halves = new Halves((Endpoint) channel, 2);
    return Flow.fromSinkAndSource(writing(halves), reading(halves));
  }

  private static Flow<ByteString, ByteString, NotUsed> joined(
      StreamChannel streams, Materializer materializer) {
    StreamChannel.Halves halves = streams.connect(materializer);
    CompletableFuture<Object> read = new CompletableFuture<>();
    CompletableFuture<Object> written = new CompletableFuture<>();
    CompletableFuture.allOf(read, written).whenComplete((none, failure) -> streams.close());
    return Flow.fromSinkAndSource(
        Objects.requireNonNull(halves.sink())
            .mapMaterializedValue(done -> done.whenComplete((d, failure) -> written.complete(d))),
        Objects.requireNonNull(halves.source())
            .watchTermination(
                (control, done) -> done.whenComplete((d, failure) -> read.complete(d))));
  }

  private static Source<ByteString, NotUsed> closing(
      Source<ByteString, ?> source, StreamChannel streams) {
    return source.watchTermination(
        (control, done) -> {
          done.whenComplete((value, failure) -> streams.close());
          return NotUsed.getInstance();
        });
  }

  private static Sink<ByteString, CompletionStage<Done>> closing(
      Sink<ByteString, CompletionStage<Done>> sink, StreamChannel streams) {
    return sink.mapMaterializedValue(
        done -> done.whenComplete((value, failure) -> streams.close()));
  }

  private Source<ByteString, NotUsed> reading(Halves halves) {
    Endpoint endpoint = halves.endpoint;
    return Source.fromGraph(
            new FdSource(
                Objects.requireNonNull(endpoint.reader()),
                halves.lane,
                blockSize,
                endpoint.dataOptions()))
        .watchTermination(
            (control, done) -> {
              done.whenComplete((value, failure) -> halves.done());
              return NotUsed.getInstance();
            });
  }

  private static Sink<ByteString, CompletionStage<Done>> writing(Halves halves) {
    Endpoint endpoint = halves.endpoint;
    return Sink.fromGraph(
            new FdSink(Objects.requireNonNull(endpoint.writer()), halves.lane, Unwatched.SINK))
        .mapMaterializedValue(
            done ->
                done.whenComplete(
                    (value, failure) -> {
                      if (failure == null) {
                        endpoint.endOutput();
                        halves.done();
                      } else {
                        halves.cutOff();
                      }
                    }));
  }

  /** A failed write fails the stream, and the stream reports it. */
  private enum Unwatched implements FdSink.Monitor {
    SINK;

    @Override
    public void written(int length) {}

    @Override
    public boolean failed(EndpointFailure failure, int lost) {
      return false;
    }

    @Override
    public void abandoned(int lost) {}
  }

  /** Closes an endpoint once all its halves that are in use are done. */
  private final class Halves {
    private final Endpoint endpoint;
    private final IoLane lane;
    private final AtomicInteger left;

    Halves(Endpoint endpoint, int count) {
      this.endpoint = endpoint;
      this.lane = IoLane.of(endpoint, poller, blockingIo);
      this.left = new AtomicInteger(count);
    }

    /** The upstream has failed: the peer must not take what it has for all. */
    void cutOff() {
      lane.close(endpoint::abort);
    }

    void done() {
      if (left.decrementAndGet() == 0) {
        lane.close(endpoint::close);
      }
    }
  }
}
