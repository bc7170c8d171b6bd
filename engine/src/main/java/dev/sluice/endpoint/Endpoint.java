package dev.sluice.endpoint;

import dev.sluice.log.RelayLog;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open address that is descriptors: something to read from, something to write to, or both.
 *
 * <p>Built by an address type with {@link #reading}, {@link #writing} or {@link #duplex}, and never
 * changed: a method that says "the same endpoint with" returns a new object. All these objects
 * share one {@link EndpointLife}: the relay moves bytes through the halves, ends the writing half
 * with {@link #endOutput()}, and closes it once, whichever of the objects it has.
 */
public final class Endpoint implements Channel {
  private final EndpointParts parts;
  private final EndpointLife life;

  private Endpoint(EndpointParts parts, EndpointLife life) {
    this.parts = parts;
    this.life = life;
  }

  private static Endpoint of(@Nullable FdReader reader, @Nullable FdWriter writer) {
    return new Endpoint(new EndpointParts(reader, writer), new EndpointLife());
  }

  private Endpoint with(Consumer<EndpointParts> change) {
    EndpointParts changed = new EndpointParts(parts);
    change.accept(changed);
    return new Endpoint(changed, life);
  }

  /** An endpoint that can only be read. */
  public static Endpoint reading(FdReader reader) {
    return of(reader, null);
  }

  /** An endpoint that can only be written. */
  public static Endpoint writing(FdWriter writer) {
    return of(null, writer);
  }

  /** An endpoint with both halves. */
  public static Endpoint duplex(FdReader reader, FdWriter writer) {
    return of(reader, writer);
  }

  /** An endpoint with the halves of that direction. */
  public static Endpoint of(FdReader reader, FdWriter writer, Direction direction) {
    return of(direction.reads() ? reader : null, direction.writes() ? writer : null);
  }

  /** A descriptor in the given direction. */
  public static Endpoint of(Fd fd, Direction direction) {
    return of(
        direction.reads() ? FdReader.of(fd) : null, direction.writes() ? FdWriter.of(fd) : null);
  }

  /** A connected stream socket: made non-blocking, polled, half-closed with shutdown(2). */
  public static Endpoint ofSocket(Fd fd, Direction direction) {
    fd.setNonBlocking(true);
    return ofNonBlockingSocket(fd, direction);
  }

  /** As {@link #ofSocket}, of a socket that is non-blocking already. */
  public static Endpoint ofNonBlockingSocket(Fd fd, Direction direction) {
    return of(fd, direction)
        .with(
            parts -> { // one copy for a new connection
              parts.socket = true;
              parts.pollable = true;
              parts.halfClose = HalfClose.SHUTDOWN;
            });
  }

  /**
   * Two addresses joined by {@code !!}: the first is read, the second written; one of them may be
   * left out.
   */
  public static Endpoint joined(@Nullable Endpoint read, @Nullable Endpoint write) {
    return new Endpoint(EndpointParts.joined(read, write), new EndpointLife());
  }

  /**
   * The same endpoint with descriptors that are ours alone and can be polled: they are switched to
   * non-blocking here.
   */
  public Endpoint pollable() {
    parts.descriptors().forEach(fd -> fd.setNonBlocking(true));
    return pollableAlready();
  }

  /** As {@link #pollable()}, of descriptors that are non-blocking already. */
  public Endpoint pollableAlready() {
    return with(parts -> parts.pollable = true);
  }

  /** The same endpoint, whose descriptor is a socket: it is shut down before it is closed. */
  public Endpoint socket() {
    return with(parts -> parts.socket = true);
  }

  /** The same endpoint, whose descriptor is a TCP connection. */
  public Endpoint tcp() {
    return with(
        parts -> {
          parts.tcp = true;
          if (parts.reader != null) {
            parts.reader = FdReader.ofTcp(parts.reader.fd());
          }
        });
  }

  /** The same endpoint with another reading half. */
  public Endpoint readBy(FdReader other) {
    return with(parts -> parts.reader = other);
  }

  /** The same endpoint without its reading half. */
  public Endpoint onlyWritten() {
    return with(parts -> parts.reader = null);
  }

  /** The same endpoint with another writing half. */
  public Endpoint writtenBy(FdWriter other) {
    return with(parts -> parts.writer = other);
  }

  /**
   * The same endpoint with one more greeting, which runs after those that it has already. A
   * greeting is what must be agreed on with the peer before data can flow.
   */
  public Endpoint greeting(Greeting more) {
    Greeting before = parts.greeting;
    return with(parts -> parts.greeting = before == null ? more : before.then(more));
  }

  /** The same endpoint, whose peer has asked for a target. */
  public Endpoint request(TargetRequest asked) {
    return with(parts -> parts.request = asked);
  }

  /** The same endpoint, which tells the other side who is connected with whom. */
  public Endpoint ends(Supplier<@Nullable ConnectionEnds> known) {
    return with(parts -> parts.ends = known);
  }

  /** The same endpoint with another boundary. */
  public Endpoint boundary(Boundary other) {
    return parts.boundary == other ? this : with(parts -> parts.boundary = other);
  }

  /** The same endpoint with another way to end its writing half. */
  public Endpoint halfClose(HalfClose other) {
    return with(parts -> parts.halfClose = other);
  }

  /** The same endpoint for one of several sessions that use it at once: none ends or closes it. */
  public Endpoint shared() {
    return with(parts -> parts.shared = true);
  }

  /**
   * The same endpoint, but never shut down, only closed, so that other holders of the connection
   * can go on using it. An empty datagram is still sent, since it does not end the connection for
   * them.
   */
  public Endpoint closeOnly() {
    return with(
        parts -> {
          parts.closeOnly = true;
          if (parts.halfClose != HalfClose.EMPTY_DATAGRAM) {
            parts.halfClose = HalfClose.NONE;
          }
        });
  }

  /** The same endpoint with something done to its data. */
  public Endpoint dataOptions(DataOptions other) {
    return with(parts -> parts.dataOptions = other);
  }

  /**
   * The same endpoint, whose peer may disappear silently: unless another limit was given, a session
   * ends when nothing has moved for this long.
   */
  public Endpoint idleLimit(Duration limit) {
    return with(parts -> parts.idleLimit = limit);
  }

  /** The same endpoint with the program behind it. */
  public Endpoint child(ChildProcess program) {
    return with(parts -> parts.child = program);
  }

  /**
   * The same endpoint with variables for programs that are started later, without prefix; asked for
   * only when there is one.
   */
  public Endpoint environment(Supplier<Map<String, String>> variables) {
    return with(parts -> parts.environment = variables);
  }

  /**
   * The same endpoint, whose data are transformed on their way to the descriptors (as TLS does), so
   * a program can't be given the descriptors in its place.
   */
  public Endpoint processed() {
    return with(parts -> parts.processed = true);
  }

  /**
   * Registers a clean-up that needs the descriptors to be open, such as restoring a terminal. A
   * {@link NativeError} from it fails the session.
   */
  public Endpoint beforeClose(Runnable departure) {
    life.beforeClose(departure);
    return this;
  }

  /** Registers something to do first when the endpoint is {@linkplain #abandon() abandoned}. */
  public Endpoint beforeAbandon(Runnable preparation) {
    life.beforeAbandon(preparation);
    return this;
  }

  /** Registers a clean-up for when it closes, such as the removal of a lock file. */
  @Override
  public Endpoint onClose(Runnable cleanup) {
    life.onClose(cleanup);
    return this;
  }

  /** How long a session may be idle when no other limit was given; null for no limit. */
  public @Nullable Duration idleLimit() {
    return parts.idleLimit;
  }

  /** What its peer has asked for; null when it can't ask, or has not yet. */
  public @Nullable TargetRequest request() {
    return parts.request;
  }

  /** Both ends of its connection; null when it is none, or was not accepted. */
  public @Nullable ConnectionEnds ends() {
    return parts.ends.get();
  }

  @Override
  public boolean isReadable() {
    return parts.reader != null;
  }

  @Override
  public boolean isWritable() {
    return parts.writer != null;
  }

  @Override
  public String sourceName() {
    FdReader reader = parts.reader;
    return reader == null ? "-" : reader.fd().toString();
  }

  public @Nullable FdReader reader() {
    return parts.reader;
  }

  public @Nullable FdWriter writer() {
    return parts.writer;
  }

  @Override
  public Boundary boundary() {
    return parts.boundary;
  }

  public HalfClose halfClose() {
    return parts.halfClose;
  }

  public boolean isPollable() {
    return parts.pollable && !parts.shared;
  }

  @Override
  public boolean isShared() {
    return parts.shared;
  }

  public boolean isSocket() {
    return parts.socket;
  }

  /** Whether it closes because the data for it were cut off. */
  public boolean isAborted() {
    return life.isAborted();
  }

  public boolean isTcp() {
    return parts.tcp;
  }

  public boolean isClosed() {
    return life.isClosed();
  }

  public boolean isProcessed() {
    return parts.isProcessed();
  }

  @Override
  public DataOptions dataOptions() {
    return parts.dataOptions;
  }

  /** The programs behind it: none, one, or one for each half. */
  @Override
  public List<ChildProcess> children() {
    return parts.children();
  }

  public boolean hasProgram() {
    return parts.child != null;
  }

  /** The addresses that it was joined from, or itself. */
  public List<Endpoint> parts() {
    return parts.joined.isEmpty() ? List.of(this) : parts.joined;
  }

  @Override
  public Map<String, String> environment() {
    return parts.environment.get();
  }

  /**
   * Runs the greeting; completes at once if there is none, or if it has run. An endpoint whose
   * greeting fails is closed.
   *
   * @param log speaks in the session's name
   */
  @Override
  public CompletionStage<Endpoint> greet(RelayLog log) {
    Greeting greeting = parts.greeting;
    return greeting == null
        ? CompletableFuture.completedStage(this)
        : life.greet(this, greeting, log)
            .thenApply(agreed -> agreed.with(parts -> parts.greeting = null));
  }

  @Override
  public boolean needsGreeting() {
    return parts.greeting != null;
  }

  /**
   * Keeps the numbers of its descriptors from being reused, even after it is closed, because a
   * transfer may still use them. Also works for an endpoint that several sessions share.
   *
   * @return frees them
   */
  public Runnable holdNumbers() {
    return parts.holdNumbers();
  }

  /** The numbers of its descriptors, each once. */
  public Set<Integer> numbers() {
    return parts.numbers();
  }

  /**
   * {@code [read,write]}: its descriptors as the log line at the start of the transfer shows them.
   */
  @Override
  public String descriptors() {
    return parts.shown();
  }

  /**
   * Ends the writing half, while the other may still be read.
   *
   * @return a failed call, when the peer was already gone; null otherwise
   */
  public @Nullable NativeError endOutput() {
    return parts.shared ? null : life.endOutput(this);
  }

  /**
   * Closes it because its session has failed. What was written is delivered, and the peer sees a
   * normal end, but a connection's port is free at once: otherwise thousands of clients that leave
   * by a reset would keep all ports waiting for a minute (TIME-WAIT).
   */
  @Override
  public void abandon() {
    if (!parts.shared) {
      life.abandon(this);
    }
  }

  @Override
  public void abort() {
    if (!parts.shared) {
      life.abort(this);
    }
  }

  /**
   * Closes everything once: programs get SIGTERM, sockets are shut down, descriptors closed,
   * clean-ups run. A greeting that is under way is cancelled first.
   */
  @Override
  public void close() {
    if (!parts.shared) {
      life.close(this);
    }
  }

  /**
   * Closes our descriptors because another process has them now; the peer is told nothing.
   * Everything else stays until {@link #close()}.
   */
  public void handOver() {
    if (!parts.shared) {
      parts.descriptors().forEach(Fd::close);
    }
  }

  /** What it is made of, for its life. */
  EndpointParts made() {
    return parts;
  }
}
