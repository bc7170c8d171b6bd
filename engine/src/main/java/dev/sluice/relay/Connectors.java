package dev.sluice.relay;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeError;
import dev.sluice.spec.Problems;
import dev.sluice.stream.FdSink;
import dev.sluice.stream.FdSource;
import dev.sluice.stream.IoLane;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Addresses as connectors for Akka Streams graphs of one's own: any of them as source, sink or flow
 * of bytes, a listening one as a source of connections.
 *
 * <p>An address is opened when its graph is materialised, and closed when both its halves are done.
 * Back-pressure reaches the descriptor: what is not asked for is not read. When the upstream of a
 * sink completes, the address is half-closed, as socat does for its type. A failure to open fails
 * the graph with {@link OpenFailure} or {@link NativeError}, a failure to read or write with {@link
 * dev.sluice.endpoint.EndpointFailure}.
 */
public final class Connectors {
  private static final int PENDING_CONNECTIONS = 16;

  private final ActorSystem<?> system;
  private final RelayRuntime runtime;
  private final RelaySettings settings;

  private Connectors(ActorSystem<?> system, RelaySettings settings) {
    this.system = system;
    this.runtime = RelayRuntime.of(system);
    this.settings = settings;
  }

  /** Connectors for graphs that run in {@code system}. */
  public static Connectors of(ActorSystem<?> system) {
    return new Connectors(system, RelaySettings.DEFAULT);
  }

  /**
   * A connection that a listening address took.
   *
   * @param facts what programs would be told of it: {@code PEERADDR}, {@code PEERPORT}, {@code
   *     SOCKADDR}, {@code SOCKPORT}
   * @param flow what goes in is sent, what comes out was received; to be materialised once
   */
  public record Connection(Map<String, String> facts, Flow<ByteString, ByteString, NotUsed> flow) {}

  /** What is read from an address. */
  public Source<ByteString, NotUsed> source(String address) {
    AddressPair parsed = parse(address);
    return Source.fromMaterializer(
            (materializer, attributes) ->
                Source.completionStageSource(
                    open(parsed, Direction.READ)
                        .thenApply(endpoint -> reading(endpoint, new Halves(endpoint, 1)))))
        .mapMaterializedValue(value -> NotUsed.getInstance());
  }

  /**
   * Writes to an address; the materialised stage completes when all is written and the address is
   * closed.
   */
  public Sink<ByteString, CompletionStage<Done>> sink(String address) {
    AddressPair parsed = parse(address);
    return Sink.<ByteString, CompletionStage<CompletionStage<Done>>>fromMaterializer(
            (materializer, attributes) ->
                Sink.completionStageSink(
                    open(parsed, Direction.WRITE)
                        .thenApply(endpoint -> writing(endpoint, new Halves(endpoint, 1)))))
        .mapMaterializedValue(value -> value.thenCompose(inner -> inner).thenCompose(done -> done));
  }

  /** Both halves of an address: what goes in is written, what comes out was read. */
  public Flow<ByteString, ByteString, NotUsed> flow(String address) {
    AddressPair parsed = parse(address);
    return Flow.fromMaterializer(
            (materializer, attributes) ->
                Flow.completionStageFlow(open(parsed, Direction.BOTH).thenApply(this::duplex)))
        .mapMaterializedValue(value -> NotUsed.getInstance());
  }

  /**
   * The connections to a listening address with option {@code fork}. A connection that nobody asks
   * for waits in the kernel; when the source is cancelled the address is closed, and connections
   * that were taken go on.
   */
  public Source<Connection, NotUsed> listen(String address) {
    AddressPair parsed = parse(address);
    return Source.fromMaterializer(
            (materializer, attributes) ->
                Source.completionStageSource(
                    opener()
                        .open(parsed, Direction.BOTH, Map::of, true)
                        .thenApply(this::connections)))
        .mapMaterializedValue(value -> NotUsed.getInstance());
  }

  private Source<Connection, NotUsed> connections(Opened opened) {
    if (opened instanceof Listener listener) {
      return connections(listener);
    }
    AddressOpener.discard(opened);
    throw OpenFailure.lasting("not a listening address with option fork");
  }

  private Source<Connection, NotUsed> connections(Listener listener) {
    ChildSlots slots = new ChildSlots(PENDING_CONNECTIONS, runtime.descriptorLimit());
    return Source.<Endpoint>queue(PENDING_CONNECTIONS)
        .map(
            endpoint -> {
              slots.opened();
              slots.ended();
              listener.resume();
              return new Connection(endpoint.environment(), duplex(endpoint));
            })
        .watchTermination(
            (queue, done) -> {
              done.whenComplete((value, failure) -> listener.close());
              listener.start(slots, new Offering(queue));
              return NotUsed.getInstance();
            });
  }

  private record Offering(akka.stream.BoundedSourceQueue<Endpoint> queue)
      implements Listener.Handler {
    @Override
    public void connected(Endpoint endpoint, Runnable announcement) {
      announcement.run();
      if (!queue.offer(endpoint).isEnqueued()) {
        endpoint.close();
      }
    }

    @Override
    public void failed(Throwable cause) {
      queue.fail(cause);
    }

    @Override
    public void timedOut() {
      queue.complete();
    }
  }

  private static AddressPair parse(String address) {
    Problems problems = new Problems();
    AddressPair parsed = Catalog.load().read(address, true, problems);
    if (parsed == null) {
      throw new IllegalArgumentException(problems.toString());
    }
    return parsed;
  }

  private AddressOpener opener() {
    return new AddressOpener(
        settings,
        RelayLog.ofProcess(),
        runtime.nextPoller().poller(),
        runtime,
        system.scheduler(),
        system.executionContext(),
        ProcessScope.NONE,
        () -> false);
  }

  private CompletionStage<Endpoint> open(AddressPair address, Direction direction) {
    return opener()
        .open(address, direction, Map::of, true)
        .thenApply(Connectors::endpoint)
        .exceptionallyCompose(
            failure ->
                java.util.concurrent.CompletableFuture.failedStage(AddressOpener.unwrap(failure)));
  }

  private static Endpoint endpoint(Opened opened) {
    if (opened instanceof Endpoint endpoint) {
      return endpoint;
    }
    AddressOpener.discard(opened);
    throw new CompletionException(
        OpenFailure.lasting("an address with option fork is not one connection"));
  }

  private Flow<ByteString, ByteString, NotUsed> duplex(Endpoint endpoint) {
    Halves halves = new Halves(endpoint, 2);
    return Flow.fromSinkAndSource(writing(endpoint, halves), reading(endpoint, halves));
  }

  private Source<ByteString, NotUsed> reading(Endpoint endpoint, Halves halves) {
    return Source.fromGraph(
            new FdSource(
                Objects.requireNonNull(endpoint.reader()),
                halves.lane,
                settings.open().blockSize(),
                endpoint.dataOptions()))
        .watchTermination(
            (control, done) -> {
              done.whenComplete((value, failure) -> halves.done());
              return NotUsed.getInstance();
            });
  }

  private static Sink<ByteString, CompletionStage<Done>> writing(Endpoint endpoint, Halves halves) {
    return Sink.fromGraph(
            new FdSink(Objects.requireNonNull(endpoint.writer()), halves.lane, length -> {}))
        .mapMaterializedValue(
            done ->
                done.whenComplete(
                    (value, failure) -> {
                      endpoint.endOutput();
                      halves.done();
                    }));
  }

  /** Closes an endpoint once all its halves that are in use are done. */
  private final class Halves {
    private final Endpoint endpoint;
    private final IoLane lane;
    private final AtomicInteger left;

    Halves(Endpoint endpoint, int count) {
      this.endpoint = endpoint;
      this.lane = IoLane.of(endpoint, runtime.nextPoller().poller(), runtime.blockingIo());
      this.left = new AtomicInteger(count);
    }

    void done() {
      if (left.decrementAndGet() == 0) {
        lane.close(endpoint::close);
      }
    }
  }
}
