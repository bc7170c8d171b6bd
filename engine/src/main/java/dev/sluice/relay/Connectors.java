package dev.sluice.relay;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.PeerCredentials;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.spec.Problems;
import dev.sluice.stream.ChannelStreams;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Addresses as connectors for your own Akka Streams graphs: every address is a source, sink or flow
 * of bytes, and a listening one is a source of connections.
 *
 * <p>An address is opened when its graph is materialised, and closed when both its halves are done.
 * Back-pressure reaches the descriptor: what is not asked for is not read. When the upstream of a
 * sink completes, the address is half-closed, as socat does for its type. A failure to open fails
 * the graph with {@link OpenFailure} or {@link NativeError}, a failure to read or write with {@link
 * EndpointFailure}.
 */
public final class Connectors {
  /** Lowers every line below what is ever written. */
  private static final int SILENT = 16;

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
   * The same connectors with other settings. Only {@link RelaySettings#open} is used (block size,
   * IP versions), since the graph decides how a session ends.
   */
  public Connectors with(RelaySettings newSettings) {
    return new Connectors(system, newSettings);
  }

  /**
   * Facts about an open address.
   *
   * @param local this end of a connection over the Internet or a UNIX path
   * @param peer its other end
   * @param facts the variables that programs would get, such as {@code PEERADDR}
   */
  public record Connected(
      Optional<SocketAddress> local, Optional<SocketAddress> peer, Map<String, String> facts) {
    private static Connected of(Channel channel) {
      FdReader reader = channel instanceof Endpoint endpoint ? endpoint.reader() : null;
      FdWriter writer = channel instanceof Endpoint endpoint ? endpoint.writer() : null;
      Fd fd = reader != null ? reader.fd() : writer != null ? writer.fd() : null;
      return new Connected(
          fd == null ? Optional.empty() : name(() -> SocketCalls.getsockname(fd.number())),
          fd == null ? Optional.empty() : name(() -> SocketCalls.getpeername(fd.number())),
          channel.environment());
    }

    private static Optional<SocketAddress> name(Supplier<SocketAddressBytes> call) {
      try {
        return call.get().toSocketAddress();
      } catch (NativeError e) {
        return Optional.empty(); // no socket, or one without a peer
      }
    }
  }

  /** A connection that a listening address took. */
  public static final class Connection {
    private final Map<String, String> facts;
    private final Optional<PeerCredentials> peer;
    private final Channel channel;
    private final Flow<ByteString, ByteString, NotUsed> flow;
    private final SharedKillSwitch end = KillSwitches.shared("connection");
    private final AtomicBoolean taken = new AtomicBoolean();

    private Connection(Channel channel, ChannelStreams streams) {
      this.facts = channel.environment();
      this.peer = credentials(channel);
      this.channel = channel;
      this.flow =
          Flow.<ByteString, ByteString, NotUsed>fromMaterializer(
                  (materializer, attributes) -> {
                    if (taken.getAndSet(true)) {
                      throw new IllegalStateException("this connection has been used or closed");
                    }
                    return Flow.<ByteString>create()
                        .via(end.flow())
                        .viaMat(streams.flow(channel), Keep.right())
                        .via(end.flow());
                  })
              .mapMaterializedValue(value -> NotUsed.getInstance());
    }

    /**
     * The variables that programs would get: {@code PEERADDR}, {@code PEERPORT}, {@code SOCKADDR},
     * {@code SOCKPORT}.
     */
    public Map<String, String> facts() {
      return facts;
    }

    /** The process that connected, if this is a UNIX socket. */
    public Optional<PeerCredentials> peer() {
      return peer;
    }

    /**
     * What goes in is sent, what comes out was received. To be materialised once: whichever starts
     * second fails with {@link IllegalStateException}.
     */
    public Flow<ByteString, ByteString, NotUsed> flow() {
      return flow;
    }

    /**
     * Closes the connection in order, used or not. Everything that has entered the flow is sent.
     */
    public void close() {
      if (taken.getAndSet(true)) {
        end.shutdown();
      } else {
        channel.close();
      }
    }
  }

  /** Reads from an address. Materialises facts about the address once it is open. */
  public Source<ByteString, CompletionStage<Connected>> source(String address) {
    AddressPair parsed = parse(address);
    return Source.<ByteString, CompletionStage<Connected>>fromMaterializer(
            (materializer, attributes) ->
                Source.completionStageSource(
                    open(
                        parsed,
                        Direction.READ,
                        channel -> {
                          Connected connected = Connected.of(channel); // a stream may close it
                          return streams().source(channel).mapMaterializedValue(value -> connected);
                        })))
        .mapMaterializedValue(value -> value.thenCompose(connected -> connected));
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
                    open(parsed, Direction.WRITE, channel -> streams().sink(channel))))
        .mapMaterializedValue(value -> value.thenCompose(inner -> inner).thenCompose(done -> done));
  }

  /**
   * Both halves of an address: input is written to it, output was read from it. Materialises facts
   * about the address once it is open.
   */
  public Flow<ByteString, ByteString, CompletionStage<Connected>> flow(String address) {
    AddressPair parsed = parse(address);
    return Flow.<ByteString, ByteString, CompletionStage<Connected>>fromMaterializer(
            (materializer, attributes) ->
                Flow.completionStageFlow(
                    open(
                        parsed,
                        Direction.BOTH,
                        channel -> {
                          Connected connected = Connected.of(channel); // a stream may close it
                          return streams().flow(channel).mapMaterializedValue(value -> connected);
                        })))
        .mapMaterializedValue(value -> value.thenCompose(connected -> connected));
  }

  /**
   * The connections to a listening address with option {@code fork}, accepted on demand; all others
   * wait in the kernel. A client whose greeting fails, such as a TLS handshake, is logged and
   * skipped. Materialises the local address once it listens. When the source is cancelled the
   * address is closed, and connections that were handed out go on.
   */
  public Source<Connection, CompletionStage<String>> listen(String address) {
    AddressPair parsed = parse(address);
    return Source.fromGraph(
            new ListenerSource(
                () -> opener().open(parsed, Direction.BOTH, Map::of, true), RelayLog.ofProcess()))
        .map(channel -> new Connection(channel, streams()));
  }

  /**
   * Opens an address once, without a word in the log: for checks whether it opens.
   *
   * @param abandoned complete it to give up: an address that opens later is closed
   * @return both halves, to be materialised once; fails with the cause itself
   */
  public CompletionStage<Flow<ByteString, ByteString, NotUsed>> probe(
      AddressPair address, CompletableFuture<Void> abandoned) {
    RelayLog quiet = RelayLog.ofProcess().forSession(0, SILENT);
    return open(
        opener(quiet, abandoned),
        address,
        Direction.BOTH,
        false,
        channel -> streams().flow(channel));
  }

  private static Optional<PeerCredentials> credentials(Channel channel) {
    return channel instanceof Endpoint endpoint && endpoint.reader() != null
        ? PeerCredentials.of(endpoint.reader().fd().number())
        : Optional.empty();
  }

  private static AddressPair parse(String address) {
    Problems problems = new Problems();
    AddressPair parsed = Catalog.load().read(address, true, problems);
    if (parsed == null || !parsed.standsAlone(problems)) {
      throw new IllegalArgumentException(problems.toString());
    }
    return parsed;
  }

  private AddressOpener opener() {
    return opener(RelayLog.ofProcess(), new CompletableFuture<>());
  }

  private AddressOpener opener(RelayLog log, CompletableFuture<Void> abandoned) {
    return new AddressOpener(
        settings,
        log,
        runtime.nextPoller().poller(),
        runtime,
        new Pauses(system.scheduler(), system.executionContext(), abandoned),
        ProcessScope.NONE,
        null,
        Turn.NONE,
        event -> {});
  }

  /** What is made of the opened address; fails with the cause itself, not wrapped. */
  private <T> CompletionStage<T> open(
      AddressPair address, Direction direction, Function<Channel, T> use) {
    return open(opener(), address, direction, true, use);
  }

  private static <T> CompletionStage<T> open(
      AddressOpener opener,
      AddressPair address,
      Direction direction,
      boolean mayRetry,
      Function<Channel, T> use) {
    CompletableFuture<T> result = new CompletableFuture<>();
    opener
        .open(address, direction, Map::of, mayRetry)
        .thenApply(opened -> use.apply(channel(opened)))
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(AddressOpener.unwrap(failure));
              }
            });
    return result;
  }

  private static Channel channel(Opened opened) {
    if (opened instanceof Channel channel) {
      return channel;
    }
    AddressOpener.discard(opened);
    throw OpenFailure.lasting("an address with option fork is not one connection");
  }

  private ChannelStreams streams() {
    return new ChannelStreams(
        runtime.nextPoller().poller(), runtime.waiting(), settings.open().blockSize());
  }
}
