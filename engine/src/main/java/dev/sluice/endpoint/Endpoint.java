package dev.sluice.endpoint;

import dev.sluice.log.RelayLog;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An open address that is descriptors: something to read from, something to write to, or both.
 *
 * <p>Built by an address type with {@link #reading}, {@link #writing} or {@link #duplex} and the
 * setters, which return the endpoint itself. Then the relay moves bytes through its halves, ends
 * the writing half with {@link #endOutput()}, and closes it once.
 */
public final class Endpoint implements Channel {
  private static final int SOL_SOCKET = 1;
  private static final int SO_LINGER = 13;

  /** struct linger {1, 0}: close(2) sends a reset. */
  private static final byte[] NO_LINGER =
      ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(0).array();

  private @Nullable FdReader reader;
  private @Nullable FdWriter writer;
  private Boundary boundary = Boundary.STREAM;
  private HalfClose halfClose = HalfClose.NONE;
  private boolean pollable;
  private boolean socket;
  private boolean tcp;
  private boolean shared;
  private boolean closeOnly;
  private @Nullable Runnable abandonment;
  private boolean processed;
  private DataOptions dataOptions = DataOptions.NONE;
  private @Nullable ChildProcess child;
  private @Nullable Duration idleLimit;
  private Supplier<Map<String, String>> environment = Map::of;
  private List<Endpoint> parts = List.of();
  private @Nullable Runnable departures;
  private @Nullable Runnable cleanups;
  private volatile boolean closed;
  private boolean aborted;
  private volatile boolean finSent;
  private boolean greeted;
  private @Nullable Greeting greeting;
  private volatile @Nullable TargetRequest request;
  private volatile Supplier<@Nullable ConnectionEnds> ends = () -> null;
  private volatile @Nullable CompletableFuture<@Nullable Throwable> greetingEnd;

  private Endpoint(@Nullable FdReader reader, @Nullable FdWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** An endpoint that can only be read. */
  public static Endpoint reading(FdReader reader) {
    return new Endpoint(reader, null);
  }

  /** An endpoint that can only be written. */
  public static Endpoint writing(FdWriter writer) {
    return new Endpoint(null, writer);
  }

  /** An endpoint with both halves. */
  public static Endpoint duplex(FdReader reader, FdWriter writer) {
    return new Endpoint(reader, writer);
  }

  /** A descriptor in the given direction. */
  public static Endpoint of(Fd fd, Direction direction) {
    return new Endpoint(
        direction.reads() ? FdReader.of(fd) : null, direction.writes() ? FdWriter.of(fd) : null);
  }

  /** A connected stream socket: made non-blocking, polled, half-closed with shutdown(2). */
  public static Endpoint ofSocket(Fd fd, Direction direction) {
    fd.setNonBlocking(true);
    return ofNonBlockingSocket(fd, direction);
  }

  /** As {@link #ofSocket}, of a socket that is non-blocking already. */
  public static Endpoint ofNonBlockingSocket(Fd fd, Direction direction) {
    return of(fd, direction).socket().pollableAlready().halfClose(HalfClose.SHUTDOWN);
  }

  /**
   * Two addresses joined by {@code !!}: the first is read, the second written; one of them may be
   * left out.
   */
  public static Endpoint joined(@Nullable Endpoint read, @Nullable Endpoint write) {
    Endpoint joined =
        new Endpoint(read == null ? null : read.reader, write == null ? null : write.writer);
    joined.parts =
        Stream.of(Optional.ofNullable(read), Optional.ofNullable(write))
            .flatMap(Optional::stream)
            .toList();
    joined.pollable = joined.parts.stream().allMatch(part -> part.pollable);
    joined.boundary = read == null ? Boundary.STREAM : read.boundary;
    joined.halfClose = write == null ? HalfClose.NONE : write.halfClose;
    joined.dataOptions =
        DataOptions.joined(
            read == null ? DataOptions.NONE : read.dataOptions,
            write == null ? DataOptions.NONE : write.dataOptions);
    joined.ends = read == null ? () -> null : read::ends;
    joined.environment =
        () -> {
          Map<String, String> all = new LinkedHashMap<>();
          joined.parts.forEach(part -> all.putAll(part.environment()));
          return all;
        };
    return joined;
  }

  /** Its descriptors are ours alone and can be polled: they are switched to non-blocking here. */
  public Endpoint pollable() {
    pollable = true;
    if (reader != null) {
      reader.fd().setNonBlocking(true);
    }
    if (writer != null && (reader == null || writer.fd() != reader.fd())) {
      writer.fd().setNonBlocking(true);
    }
    return this;
  }

  /**
   * As {@link #pollable()}, when the caller knows that the descriptors are non-blocking already.
   */
  public Endpoint pollableAlready() {
    pollable = true;
    return this;
  }

  /** Its descriptor is a socket: it is shut down before it is closed. */
  public Endpoint socket() {
    socket = true;
    return this;
  }

  /** Its descriptor is a TCP connection. */
  public Endpoint tcp() {
    tcp = true;
    if (reader != null) {
      reader = FdReader.ofTcp(reader.fd());
    }
    return this;
  }

  /** Replaces the reading half. */
  public Endpoint readBy(FdReader newReader) {
    reader = newReader;
    return this;
  }

  /** Replaces the writing half. */
  public Endpoint writtenBy(FdWriter newWriter) {
    writer = newWriter;
    return this;
  }

  /**
   * Something to agree on with the peer before data can flow, after what is to be agreed on
   * already.
   */
  public Endpoint greeting(Greeting newGreeting) {
    greeting = greeting == null ? newGreeting : greeting.then(newGreeting);
    return this;
  }

  /** Its peer has asked for a target; known once the endpoint has been greeted. */
  public Endpoint request(TargetRequest newRequest) {
    request = newRequest;
    return this;
  }

  /** Who is connected with whom, for those who are told of it on the other side. */
  public Endpoint ends(Supplier<@Nullable ConnectionEnds> newEnds) {
    ends = newEnds;
    return this;
  }

  public Endpoint boundary(Boundary newBoundary) {
    boundary = newBoundary;
    return this;
  }

  public Endpoint halfClose(HalfClose newHalfClose) {
    halfClose = newHalfClose;
    return this;
  }

  /** Several sessions use it at once: none of them ends or closes it. */
  public Endpoint shared(boolean isShared) {
    shared = isShared;
    return this;
  }

  /**
   * Neither at the end of the output nor at the end of all it is shut down, so that others who hold
   * the connection keep it. An empty datagram is still sent, since it ends nothing for them.
   */
  public Endpoint closeOnly() {
    closeOnly = true;
    return halfClose == HalfClose.EMPTY_DATAGRAM ? this : halfClose(HalfClose.NONE);
  }

  public Endpoint dataOptions(DataOptions newOptions) {
    dataOptions = newOptions;
    return this;
  }

  /**
   * Its peer may go without a word: a session in which nothing moves for so long ends, if no other
   * limit was given.
   */
  public Endpoint idleLimit(Duration newLimit) {
    idleLimit = newLimit;
    return this;
  }

  /** How long nothing may move where no limit was given; null when that may be for ever. */
  public @Nullable Duration idleLimit() {
    return idleLimit;
  }

  /** The program behind it. */
  public Endpoint child(ChildProcess newChild) {
    child = newChild;
    return this;
  }

  /**
   * Variables for programs that are started later, without prefix; asked for only when there is
   * one.
   */
  public Endpoint environment(Supplier<Map<String, String>> newEnvironment) {
    environment = newEnvironment;
    return this;
  }

  /**
   * What passes through is not what its descriptors carry, so no program can be given these in its
   * place.
   */
  public Endpoint processed() {
    processed = true;
    return this;
  }

  /**
   * Something to undo while its descriptors are still open, such as settings of a terminal. A
   * {@link NativeError} of it fails the session.
   */
  public Endpoint beforeClose(Runnable departure) {
    departures = inTurn(departures, departure);
    return this;
  }

  /** Something to do first when it is {@linkplain #abandon() abandoned}. */
  public Endpoint beforeAbandon(Runnable preparation) {
    abandonment = preparation;
    return this;
  }

  /** Something to undo when it closes, such as removing a lock file. */
  @Override
  public Endpoint onClose(Runnable cleanup) {
    cleanups = inTurn(cleanups, cleanup);
    return this;
  }

  /** One after the other: thousands of endpoints have one such thing to do, or none. */
  private static Runnable inTurn(@Nullable Runnable first, Runnable second) {
    return first == null
        ? second
        : () -> {
          first.run();
          second.run();
        };
  }

  /** What its peer has asked for; null when it can't ask, or has not yet. */
  public @Nullable TargetRequest request() {
    return request;
  }

  /** Both ends of its connection; null when it is none, or was not accepted. */
  public @Nullable ConnectionEnds ends() {
    return ends.get();
  }

  @Override
  public boolean isReadable() {
    return reader != null;
  }

  @Override
  public boolean isWritable() {
    return writer != null;
  }

  @Override
  public String sourceName() {
    return reader == null ? "-" : reader.fd().toString();
  }

  public @Nullable FdReader reader() {
    return reader;
  }

  public @Nullable FdWriter writer() {
    return writer;
  }

  @Override
  public Boundary boundary() {
    return boundary;
  }

  public HalfClose halfClose() {
    return halfClose;
  }

  public boolean isPollable() {
    return pollable && !shared;
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  public boolean isSocket() {
    return socket;
  }

  /** Whether it closes because the data for it were cut off. */
  public boolean isAborted() {
    return aborted;
  }

  public boolean isTcp() {
    return tcp;
  }

  public boolean isClosed() {
    return closed;
  }

  public boolean isProcessed() {
    return processed || parts.stream().anyMatch(part -> part.processed);
  }

  @Override
  public DataOptions dataOptions() {
    return dataOptions;
  }

  /** The programs behind it: none, one, or one for each half. */
  @Override
  public List<ChildProcess> children() {
    List<ChildProcess> all = new ArrayList<>(1);
    if (child != null) {
      all.add(child);
    }
    for (Endpoint part : parts) {
      part.children().stream().filter(c -> !all.contains(c)).forEach(all::add);
    }
    return all;
  }

  public boolean hasProgram() {
    return child != null;
  }

  /** The addresses that it was joined from, or itself. */
  public List<Endpoint> parts() {
    return parts.isEmpty() ? List.of(this) : parts;
  }

  @Override
  public Map<String, String> environment() {
    return environment.get();
  }

  /**
   * Agrees with the peer on what must be agreed on; at once when that is nothing, or has been done.
   * An endpoint whose greeting fails is closed.
   *
   * @param log speaks in the session's name
   */
  @Override
  public CompletionStage<Endpoint> greet(RelayLog log) {
    if (greeting == null || !isFirstGreeting()) {
      return CompletableFuture.completedStage(this);
    }
    greetingEnd = greeting.start(log).handle((done, failure) -> failure).toCompletableFuture();
    return greetingEnd.thenApply(
        failure -> {
          if (failure != null) {
            close();
            throw failure instanceof CompletionException e ? e : new CompletionException(failure);
          }
          return this;
        });
  }

  private synchronized boolean isFirstGreeting() {
    boolean first = !greeted;
    greeted = true;
    return first;
  }

  /**
   * Keeps the numbers of its descriptors taken, however it is closed, because a transfer may still
   * use them. Also one that several sessions share.
   *
   * @return frees them
   */
  public Runnable holdNumbers() {
    List<Fd> held =
        Stream.of(
                Optional.ofNullable(reader).map(FdReader::fd),
                Optional.ofNullable(writer).map(FdWriter::fd))
            .flatMap(Optional::stream)
            .toList();
    held.forEach(Fd::hold);
    return () -> held.forEach(Fd::release);
  }

  /** The numbers of its descriptors, each once. */
  public Set<Integer> numbers() {
    Set<Integer> numbers = new LinkedHashSet<>();
    if (reader != null) {
      numbers.add(reader.fd().number());
    }
    if (writer != null) {
      numbers.add(writer.fd().number());
    }
    return numbers;
  }

  /**
   * {@code [read,write]}: its descriptors as the log line at the start of the transfer shows them.
   */
  @Override
  public String descriptors() {
    Fd in = reader != null ? reader.fd() : writer != null ? writer.fd() : null;
    Fd out = writer != null ? writer.fd() : in;
    return "[" + in + "," + out + "]";
  }

  /**
   * Ends the writing half, while the other may still be read.
   *
   * @return a failed call, when the peer was already gone; null otherwise
   */
  public @Nullable NativeError endOutput() {
    if (writer == null || shared || closed) {
      return null;
    }
    int fd = writer.fd().number();
    switch (halfClose) {
      case SHUTDOWN -> {
        int result = SocketCalls.shutdown(fd, SocketCalls.SHUT_WR);
        finSent = result == 0;
        if (result < 0 && result != -Errno.ENOTCONN) {
          return new NativeError("shutdown(" + fd + ", 1)", -result);
        }
      }
      case CLOSE -> {
        if (reader != null && reader.fd() == writer.fd()) {
          SocketCalls.shutdown(fd, SocketCalls.SHUT_WR);
        } else {
          writer.fd().close();
        }
      }
      case EMPTY_DATAGRAM -> {
        int result = writer.write(0, 0);
        if (result < 0 && boundary == Boundary.DATAGRAM) {
          return new NativeError("send(" + fd + ", 0)", -result);
        }
      }
      case FAREWELL -> {
        return writer.end();
      }
      case NONE -> {}
    }
    return null;
  }

  /**
   * Closes it because its session has failed. What was written is delivered, and the peer sees its
   * end as ever, but a connection's port is free at once: clients that go away by a reset, in
   * thousands, would else have all ports wait for a minute (TIME-WAIT).
   */
  @Override
  public void abandon() {
    if (!shared && !closed && abandonment != null) {
      abandonment.run();
    }
    close();
  }

  @Override
  public void abort() {
    if (!shared && !closed) {
      aborted = true;
      for (Endpoint part : parts) {
        part.abort();
      }
      if (tcp && writer != null && !writer.fd().isClosed()) {
        SocketCalls.setsockopt(writer.fd().number(), SOL_SOCKET, SO_LINGER, NO_LINGER);
      }
    }
    close();
  }

  /**
   * Closes everything once: programs get SIGTERM, sockets are shut down, descriptors closed,
   * clean-ups run. A greeting that is under way is cancelled first.
   */
  @Override
  public void close() {
    if (shared || !isFirstClose()) {
      return;
    }
    if (greeting != null && greetingEnd != null && !greetingEnd.isDone()) {
      greeting.cancel();
      greetingEnd.thenRun(this::closeNow);
    } else {
      closeNow();
    }
  }

  private synchronized boolean isFirstClose() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  private void closeNow() {
    for (Endpoint part : parts) {
      part.close();
    }
    try {
      if (departures != null) {
        departures.run();
      }
    } finally {
      closeDescriptors();
    }
  }

  private void closeDescriptors() {
    if (child != null) {
      child.signal(15);
    }
    if (parts.isEmpty()) {
      closeHalves();
    }
    if (cleanups != null) {
      cleanups.run();
    }
  }

  /**
   * Somebody else has its descriptors now: ours are closed, without a word to the peer. All else
   * stays as it is until {@link #close()}.
   */
  public void handOver() {
    if (!shared) {
      Stream.of(
              Optional.ofNullable(reader).map(FdReader::fd),
              Optional.ofNullable(writer).map(FdWriter::fd))
          .flatMap(Optional::stream)
          .forEach(Fd::close);
    }
  }

  private void closeHalves() {
    if (reader != null) {
      shutDown(reader.fd());
      reader.fd().close();
    }
    if (writer != null && (reader == null || writer.fd() != reader.fd())) {
      shutDown(writer.fd());
      writer.fd().close();
    }
  }

  private void shutDown(Fd fd) {
    boolean endsByClose = tcp && finSent; // its peer has been told already
    if (socket && !endsByClose && !closeOnly && !aborted && fd.isOwned() && !fd.isClosed()) {
      SocketCalls.shutdown(fd.number(), SocketCalls.SHUT_RDWR);
    }
  }
}
