package dev.sluice.bench;

import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.PipePool;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketCalls;
import dev.sluice.relay.RelaySystem;
import dev.sluice.stream.Inspection;
import dev.sluice.transfer.Activity;
import dev.sluice.transfer.PollerMemory;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import dev.sluice.transfer.TransferPlan;
import dev.sluice.transfer.TransferRuntime;
import dev.sluice.transfer.TransferSettings;
import dev.sluice.transfer.Transfers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Each plan moving bytes from one UNIX socket pair to another: in blocks of 64 KiB, and one byte
 * there and back. With {@code -prof gc} it shows what a block allocates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PumpBenchmark {
  private static final int AF_UNIX = 1;
  private static final int BLOCK = 64 * 1024;
  private static final int BLOCKS = 256;

  @Param private TransferSettings.Plan plan = TransferSettings.Plan.BEST;

  private final NativeBuffer sent = NativeBuffer.allocate(BLOCK);
  private final NativeBuffer received = NativeBuffer.allocate(BLOCK);
  private @Nullable Running running;

  /** One session between two socket pairs. */
  private static final class Running {
    private final ActorSystem<Void> system = RelaySystem.create("bench");
    private final Poller poller = EpollPoller.start("bench");
    private final ExecutorService blockingIo = Executors.newCachedThreadPool();
    private final PipePool pipes = new PipePool(1 << 20, 2, 1 << 30);
    private final Fd[] left = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_STREAM, 0);
    private final Fd[] right = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_STREAM, 0);
    private final Transfers transfers;

    Running(TransferSettings.Plan plan) {
      PollerMemory memory = new PollerMemory(poller, TransferPlan.largestBlock(8192));
      transfers =
          new TransferPlan(
                  Endpoint.ofSocket(left[1], Direction.BOTH),
                  Endpoint.ofSocket(right[0], Direction.BOTH),
                  new TransferSettings(
                      8192, false, true, true, Inspection.NONE, Inspection.NONE, plan),
                  new TransferRuntime(
                      memory,
                      () -> memory,
                      blockingIo,
                      pipes,
                      () -> Materializer.matFromSystem(system.classicSystem())),
                  new Activity(),
                  new Unexpected())
              .start();
    }

    int in() {
      return left[0].number();
    }

    int out() {
      return right[1].number();
    }

    void close() throws InterruptedException {
      CountDownLatch stopped = new CountDownLatch(1);
      transfers.stop(stopped::countDown);
      stopped.await();
      for (Fd fd : new Fd[] {left[0], left[1], right[0], right[1]}) {
        fd.close();
      }
      poller.close();
      pipes.close();
      blockingIo.shutdown();
      system.terminate();
    }
  }

  /** Nothing ends while it is measured. */
  private static final class Unexpected implements Transfer.Observer {
    @Override
    public void sourceEnded(TransferDirection direction) {}

    @Override
    public boolean writeFailed(TransferDirection direction, NativeError error, long lost) {
      throw error;
    }

    @Override
    public void stoppedWith(TransferDirection direction, long lost) {}

    @Override
    public void ended(TransferDirection direction, TransferEnd end) {}
  }

  @Setup(Level.Trial)
  public void start() {
    running = new Running(plan);
  }

  @TearDown(Level.Trial)
  public void stop() throws InterruptedException {
    running().close();
  }

  private Running running() {
    return java.util.Objects.requireNonNull(running);
  }

  private void send(int fd, int length) {
    int done = 0;
    while (done < length) {
      done += LibC.check(LibC.write(fd, sent, done, length - done), "write");
    }
  }

  private void receive(int fd, long length) {
    long left = length;
    while (left > 0) {
      left -= LibC.check(LibC.read(fd, received, 0, (int) Math.min(left, BLOCK)), "read");
    }
  }

  /** A block of 64 KiB, of many in a row. */
  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public void bulk() throws InterruptedException {
    Running session = running();
    Thread reader = new Thread(() -> receive(session.out(), (long) BLOCKS * BLOCK));
    reader.start();
    for (int i = 0; i < BLOCKS; i++) {
      send(session.in(), BLOCK);
    }
    reader.join();
  }

  /** A byte there and one back. */
  @Benchmark
  public void roundTrip() {
    Running session = running();
    send(session.in(), 1);
    receive(session.out(), 1);
    send(session.out(), 1);
    receive(session.in(), 1);
  }
}
