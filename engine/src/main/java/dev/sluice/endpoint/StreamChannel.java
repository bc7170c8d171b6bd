package dev.sluice.endpoint;

import akka.Done;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.javadsl.AsPublisher;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.log.RelayLog;
import dev.sluice.os.ChildProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * An open address that is streams: a source, a sink, or both, for one session.
 *
 * <p>The sink sees completion as the half-close, and failure when the data for it were cut off. Its
 * materialised stage completes when all is delivered. The source's completion is the end of data,
 * its failure ends the session as failed. Back-pressure goes through to the other side.
 */
public final class StreamChannel implements Channel {
  /**
   * Both halves, ready to be connected.
   *
   * @param source null when the channel is only written
   * @param sink null when the channel is only read
   */
  public record Halves(
      @Nullable Source<ByteString, ?> source,
      @Nullable Sink<ByteString, CompletionStage<Done>> sink) {}

  /**
   * What a channel may know of the other one when a session connects them.
   *
   * @param boundary whether the other side keeps what is written in one piece together
   * @param acknowledges whether the other side tells its peer what has been taken: a sink then asks
   *     for the next element only when the one before was delivered
   */
  public record OtherSide(Boundary boundary, boolean acknowledges) {
    /** A stream of bytes that nobody acknowledges. */
    public static final OtherSide PLAIN = new OtherSide(Boundary.STREAM, false);

    /** What is to be known of a channel. */
    public static OtherSide of(Channel other) {
      return new OtherSide(
          other.boundary(), other instanceof StreamChannel streams && streams.parts.acknowledges);
    }
  }

  /** What a channel is made of; changed only in a copy, before that is a channel. */
  private static final class Parts {
    private final boolean readable;
    private final boolean writable;
    private final BiFunction<Materializer, OtherSide, Halves> connector;
    private boolean acknowledges;
    private Boundary boundary = Boundary.STREAM;
    private DataOptions dataOptions = DataOptions.NONE;
    private Supplier<Map<String, String>> environment = Map::of;
    private @Nullable Function<RelayLog, CompletionStage<?>> greeting;
    private Supplier<? extends CompletionStage<?>> farewell =
        () -> CompletableFuture.completedStage(Done.getInstance());
    private Runnable whenClosed = () -> {};

    Parts(
        boolean readable, boolean writable, BiFunction<Materializer, OtherSide, Halves> connector) {
      this.readable = readable;
      this.writable = writable;
      this.connector = connector;
    }

    Parts(Parts other) {
      this(other.readable, other.writable, other.connector);
      acknowledges = other.acknowledges;
      boundary = other.boundary;
      dataOptions = other.dataOptions;
      environment = other.environment;
      greeting = other.greeting;
      farewell = other.farewell;
      whenClosed = other.whenClosed;
    }
  }

  private final Parts parts;
  private final AtomicBoolean closed = new AtomicBoolean();

  private StreamChannel(Parts parts) {
    this.parts = parts;
  }

  /** A channel that can only be read. */
  public static StreamChannel reading(Source<ByteString, ?> source) {
    return of(true, false, materializer -> new Halves(source, null));
  }

  /** A channel that can only be written. */
  public static StreamChannel writing(Sink<ByteString, CompletionStage<Done>> sink) {
    return of(false, true, materializer -> new Halves(null, sink));
  }

  /** A channel of two streams that have nothing to do with each other. */
  public static StreamChannel duplex(
      Source<ByteString, ?> source, Sink<ByteString, CompletionStage<Done>> sink) {
    return of(true, true, materializer -> new Halves(source, sink));
  }

  /** A channel of one flow: what goes in was written, what comes out is read. */
  public static StreamChannel of(Flow<ByteString, ByteString, ?> flow) {
    return of(true, true, materializer -> halves(flow, materializer));
  }

  /**
   * A channel whose halves are made when a session connects them.
   *
   * @param direction the halves that it makes
   */
  public static StreamChannel of(Direction direction, Function<Materializer, Halves> connector) {
    return of(direction.reads(), direction.writes(), connector);
  }

  /**
   * As {@link #of(Direction, Function)}, for halves that depend on the other side.
   *
   * @param direction the halves that it makes
   */
  public static StreamChannel of(
      Direction direction, BiFunction<Materializer, OtherSide, Halves> connector) {
    return new StreamChannel(new Parts(direction.reads(), direction.writes(), connector));
  }

  private static StreamChannel of(
      boolean readable, boolean writable, Function<Materializer, Halves> connector) {
    return new StreamChannel(
        new Parts(readable, writable, (materializer, other) -> connector.apply(materializer)));
  }

  private static Halves halves(Flow<ByteString, ByteString, ?> flow, Materializer materializer) {
    Pair<Subscriber<ByteString>, Publisher<ByteString>> ends =
        Source.<ByteString>asSubscriber()
            .viaMat(flow, Keep.left())
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(materializer);
    return new Halves(
        Source.fromPublisher(ends.second()),
        Flow.of(ByteString.class)
            .watchTermination((none, done) -> done)
            .to(Sink.fromSubscriber(ends.first())));
  }

  /** The same channel with another boundary. */
  public StreamChannel boundary(Boundary other) {
    return with(parts -> parts.boundary = other);
  }

  /**
   * The same channel, whose source tells its peer of an element once the next one is asked for:
   * that is, once the other side has taken it.
   */
  public StreamChannel acknowledging() {
    return with(parts -> parts.acknowledges = true);
  }

  /** The same channel with something done to its data. */
  public StreamChannel dataOptions(DataOptions other) {
    return with(parts -> parts.dataOptions = other);
  }

  /** The same channel with variables for programs that are started later, without prefix. */
  public StreamChannel environment(Supplier<Map<String, String>> other) {
    return with(parts -> parts.environment = other);
  }

  /**
   * The same channel with something to agree on with its peer first; the stage fails as the opening
   * of an address does.
   */
  public StreamChannel greeting(Function<RelayLog, CompletionStage<?>> other) {
    return with(parts -> parts.greeting = other);
  }

  /**
   * The same channel with something to say to its peer when nothing moves any more. The session
   * waits for it, but not for long.
   */
  public StreamChannel farewell(Supplier<? extends CompletionStage<?>> other) {
    return with(parts -> parts.farewell = other);
  }

  @Override
  public StreamChannel onClose(Runnable action) {
    return with(
        parts -> {
          Runnable before = parts.whenClosed;
          parts.whenClosed =
              () -> {
                before.run();
                action.run();
              };
        });
  }

  private StreamChannel with(Consumer<Parts> change) {
    Parts changed = new Parts(parts);
    change.accept(changed);
    return new StreamChannel(changed);
  }

  /** Makes both halves for somebody who is no channel; to be called once. */
  public Halves connect(Materializer materializer) {
    return parts.connector.apply(materializer, OtherSide.PLAIN);
  }

  /** Makes both halves; to be called once, by the session that connects them. */
  public Halves connect(Materializer materializer, Channel other) {
    return parts.connector.apply(materializer, OtherSide.of(other));
  }

  /** Takes leave of the peer, after the streams have ended; to be called once. */
  public CompletionStage<?> leave() {
    return parts.farewell.get();
  }

  @Override
  public boolean isReadable() {
    return parts.readable;
  }

  @Override
  public boolean isWritable() {
    return parts.writable;
  }

  @Override
  public Boundary boundary() {
    return parts.boundary;
  }

  @Override
  public DataOptions dataOptions() {
    return parts.dataOptions;
  }

  @Override
  public Map<String, String> environment() {
    return parts.environment.get();
  }

  @Override
  public List<ChildProcess> children() {
    return List.of();
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public String sourceName() {
    return "stream";
  }

  @Override
  public String descriptors() {
    return "[" + (parts.readable ? "stream" : "-") + "," + (parts.writable ? "stream" : "-") + "]";
  }

  @Override
  public boolean needsGreeting() {
    return parts.greeting != null;
  }

  @Override
  public CompletionStage<StreamChannel> greet(RelayLog log) {
    return parts.greeting == null
        ? CompletableFuture.completedStage(this)
        : parts
            .greeting
            .apply(log)
            .handle(
                (agreed, failure) -> {
                  if (failure == null) {
                    return this;
                  }
                  close();
                  throw failure instanceof CompletionException e
                      ? e
                      : new CompletionException(failure);
                });
  }

  @Override
  public void abandon() {
    close();
  }

  @Override
  public void abort() {
    close();
  }

  /** Its streams end with the transfers; here is what goes beside them. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      parts.whenClosed.run();
    }
  }
}
