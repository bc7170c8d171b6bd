package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.option.Options;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import dev.sluice.os.PollerTimer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a non-blocking socket before data flows. No thread waits for the peer: a {@link
 * Part} of the dialogue goes on until it needs something of the peer, and again when the poller
 * tells that there is some. All parts together have a limit of time. Reads no byte more than was
 * asked for, so what follows belongs to the data.
 *
 * <p>One part at a time; it runs on the executor, never on two threads at once. {@link #cancel()}
 * may be called on any thread, {@link #close()} when no part is under way.
 */
public final class Dialogue implements AutoCloseable {
  /** What a part waits for. */
  public enum Need {
    /** It is done. */
    NOTHING,
    INPUT,
    ROOM
  }

  /** Goes on as far as it can without waiting. What it throws ends the part. */
  @FunctionalInterface
  public interface Part {
    Need advance();
  }

  /** Puts something together from bytes that come one by one. */
  @FunctionalInterface
  public interface Taker {
    /** Takes the next byte, 0 to 255; returns whether more are needed. */
    boolean take(int next);
  }

  /** The peer did not say what was waited for, or nobody waits any more. */
  public static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ended;

    private Broken(String message, boolean ended) {
      super(message, null, false, false);
      this.ended = ended;
    }

    /** Whether the peer has ended the connection, rather than kept silent. */
    public boolean isEnd() {
      return ended;
    }
  }

  private record Running(Part part, CompletableFuture<Void> done) {}

  private static final int SCRATCH = 4096;
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

  /** For bytes on their way; one for each thread, since dialogues are many. */
  private static final ThreadLocal<NativeBuffer> MEMORY =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(SCRATCH));

  private final Poller poller;
  private final Executor executor;
  private final Fd fd;
  private final Duration limit;
  private final long begun = System.nanoTime();

  /** How many reasons there are to look at the part; whoever adds the first has it run. */
  private final AtomicInteger reasons = new AtomicInteger();

  private volatile @Nullable Running running;
  private volatile @Nullable Broken broken;
  private Poller.@Nullable Registration registration;
  private @Nullable CompletableFuture<?> abandoned;
  private @Nullable PollerTimer timer;
  private @Nullable PollerTimer alarm;

  /**
   * A dialogue to be.
   *
   * @param poller watches the socket
   * @param executor where parts run: the poller's thread, unless they compute for long
   * @param limit time for all of it
   */
  public Dialogue(Poller poller, Executor executor, Fd fd, Duration limit) {
    this.poller = poller;
    this.executor = executor;
    this.fd = fd;
    this.limit = limit;
  }

  /** A dialogue of an address that is being opened, with the peer that it has just reached. */
  public static Dialogue on(Endpoint endpoint, OpenContext context, Executor executor) {
    Dialogue made =
        new Dialogue(context.poller(), executor, fdOf(endpoint), limit(context.options()));
    made.abandoned = context.abandoned();
    return made;
  }

  /** The endpoint's one descriptor. */
  public static Fd fdOf(Endpoint endpoint) {
    FdReader reader = endpoint.reader();
    FdWriter writer = endpoint.writer();
    if (reader != null) {
      return reader.fd();
    } else if (writer != null) {
      return writer.fd();
    }
    throw new IllegalArgumentException("an endpoint without descriptor");
  }

  /** The time that options give to a dialogue: their own, that of the connection, or 30 seconds. */
  public static Duration limit(Options options) {
    return options
        .find(SocketOptions.HANDSHAKE_TIMEOUT)
        .orElseGet(() -> options.get(SocketOptions.CONNECT_TIMEOUT, DEFAULT_LIMIT));
  }

  public Fd fd() {
    return fd;
  }

  /** Has the talk with the peer, and closes the dialogue when it is over. */
  public <T> CompletionStage<T> hold(Function<Dialogue, CompletionStage<T>> talk) {
    CompletionStage<T> result;
    try {
      result = talk.apply(this);
    } catch (RuntimeException e) {
      result = CompletableFuture.failedStage(e);
    }
    CompletableFuture<T> over =
        result.whenComplete((done, failure) -> close()).toCompletableFuture();
    if (abandoned != null) {
      // of the two, the one that comes later forgets the other
      CompletableFuture.anyOf(abandoned, over).whenComplete((any, failure) -> cancel());
    }
    return over;
  }

  /** What a stage has failed with, out of the exception that carries it from stage to stage. */
  public static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  // --- parts

  /** Starts a part; the stage completes with it. */
  public CompletionStage<Void> go(Part part) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    running = new Running(part, done);
    nudge();
    return done;
  }

  /** Waits for something to read; false when the peer has ended the connection instead. */
  public CompletionStage<Boolean> input() {
    int[] there = {0};
    return go(() -> {
          there[0] = peek(1);
          return there[0] == -Errno.EAGAIN ? Need.INPUT : Need.NOTHING;
        })
        .thenApply(done -> there[0] != 0);
  }

  /** Reads exactly that many bytes. */
  public CompletionStage<byte[]> receive(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(Math.min(count, SCRATCH));
    return go(() -> receive(all, count)).thenApply(done -> all.toByteArray());
  }

  private Need receive(ByteArrayOutputStream all, int count) {
    NativeBuffer memory = MEMORY.get();
    while (all.size() < count) {
      int n = LibC.read(fd.number(), memory, 0, Math.min(SCRATCH, count - all.size()));
      if (n == -Errno.EAGAIN) {
        return Need.INPUT;
      }
      all.writeBytes(memory.toArray(0, checked(n)));
    }
    return Need.NOTHING;
  }

  /** Reads as many bytes as are taken. */
  public CompletionStage<Void> receive(Taker taker) {
    return go(() -> give(taker));
  }

  private Need give(Taker taker) {
    while (true) {
      int there = peek(SCRATCH);
      if (there == -Errno.EAGAIN) {
        return Need.INPUT;
      }
      NativeBuffer memory = MEMORY.get();
      byte[] bytes = memory.toArray(0, checked(there));
      int taken = 0;
      boolean more = true;
      while (more && taken < bytes.length) {
        more = taker.take(bytes[taken++] & 0xff);
      }
      LibC.check(LibC.read(fd.number(), memory, 0, taken), "read(" + fd + ")");
      if (!more) {
        return Need.NOTHING;
      }
    }
  }

  /** Reads what there is, and leaves it there; bytes read or {@code -errno}. */
  private int peek(int length) {
    return LibC.peek(fd.number(), MEMORY.get(), length);
  }

  private int checked(int n) {
    if (n == 0) {
      throw new Broken("connection closed by peer", true);
    }
    return LibC.check(n, "read(" + fd + ")");
  }

  /** Reads one byte, 0 to 255. */
  public CompletionStage<Integer> receiveByte() {
    return receive(1).thenApply(bytes -> bytes[0] & 0xff);
  }

  /** Writes all of it. */
  public CompletionStage<Void> send(byte[] content) {
    int[] done = {0};
    return go(() -> send(content, done));
  }

  private Need send(byte[] content, int[] done) {
    NativeBuffer memory = MEMORY.get();
    while (done[0] < content.length) {
      int count = Math.min(SCRATCH, content.length - done[0]);
      NativeBuffer.put(memory.address(), content, done[0], count);
      int n = LibC.write(fd.number(), memory, 0, count);
      if (n == -Errno.EAGAIN) {
        return Need.ROOM;
      } else if (n < 0) {
        throw new NativeError("write(" + fd + ")", -n);
      }
      done[0] += n;
    }
    return Need.NOTHING;
  }

  // --- waiting

  /** Has the part look again after that time, whatever the peer does. Only in a part. */
  public void lookAfter(Duration time) {
    if (alarm != null) {
      alarm.cancel();
    }
    alarm = PollerTimer.start(poller, time, this::nudge);
  }

  /** Waits for that time, whatever the peer does. */
  public CompletionStage<Void> pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return go(
        () -> {
          long left = end - System.nanoTime();
          if (left <= 0) {
            return Need.NOTHING;
          }
          lookAfter(Duration.ofNanos(left));
          return Need.INPUT;
        });
  }

  /** Throws when the time is over, or nobody wants the result any more. */
  public void check() {
    if (broken != null) {
      throw broken;
    }
  }

  private void nudge() {
    if (reasons.getAndIncrement() == 0) {
      executor.execute(this::goOn);
    }
  }

  private void goOn() {
    int seen = 1;
    while (seen > 0) {
      Running now = running;
      if (now != null) {
        advance(now);
      }
      seen = reasons.addAndGet(-seen);
    }
  }

  private void advance(Running now) {
    try {
      check();
      switch (now.part().advance()) {
        case NOTHING -> {
          running = null;
          now.done().complete(null);
        }
        case INPUT -> watched();
        case ROOM -> watched().awaitRoom();
      }
    } catch (Throwable failure) {
      running = null;
      now.done().completeExceptionally(failure);
    }
  }

  /** The socket, watched from the first wait on. */
  private Poller.Registration watched() {
    Poller.Registration made = registration;
    if (made == null) {
      long left = limit.toNanos() - (System.nanoTime() - begun);
      timer = PollerTimer.start(poller, Duration.ofNanos(left), this::timeOut);
      made = poller.register(fd.number(), events -> nudge());
      registration = made;
    }
    return made;
  }

  private void timeOut() {
    double seconds = limit.toMillis() / 1000.0;
    breakOff(String.format("no answer within %.1f seconds", seconds));
  }

  private void breakOff(String why) {
    broken = new Broken(why, false);
    nudge();
  }

  /** Ends it: the part that is under way fails. Any thread. */
  public void cancel() {
    breakOff("cancelled");
  }

  @Override
  public void close() {
    if (registration != null) {
      registration.close();
    }
    if (timer != null) {
      timer.cancel();
    }
    if (alarm != null) {
      alarm.cancel();
    }
  }
}
