package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.PipePool;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.relay.RelaySystem;
import dev.sluice.stream.Inspection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel gives a closed descriptor's number to the next one that is opened. */
@Timeout(60)
class DescriptorReuseTest {
  private static final long PATIENCE_SECONDS = 10;

  private final ActorSystem<Void> system = RelaySystem.create("reuse");
  private final ExecutorService blockingIo = Executors.newCachedThreadPool();
  private final Poller poller = EpollPoller.start("reuse");
  private final PipePool pipes = new PipePool(1 << 16, 0, 1 << 20);

  @AfterEach
  void end() {
    system.terminate();
    blockingIo.shutdown();
    poller.close();
    pipes.close();
  }

  private static Fd[] socketPair() {
    return SocketCalls.socketpair(
        SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK, 0);
  }

  /** A session closed a pipe to half-close it, and ends while another session has its number. */
  @ParameterizedTest
  @EnumSource(TransferSettings.Plan.class)
  void endingASessionLeavesTheNextOwnerOfItsNumberWatched(TransferSettings.Plan plan)
      throws InterruptedException {
    Fd[] left = socketPair();
    Fd[] toProgram = LibC.pipe(0);
    Fd[] fromProgram = LibC.pipe(0);
    CountDownLatch halfClosed = new CountDownLatch(1);
    PollerMemory memory = new PollerMemory(poller, TransferPlan.largestBlock(8192));
    Transfers transfers =
        new TransferPlan(
                Endpoint.ofSocket(left[0], Direction.BOTH),
                Endpoint.duplex(FdReader.of(fromProgram[0]), FdWriter.of(toProgram[1]))
                    .pollable()
                    .halfClose(HalfClose.CLOSE),
                new TransferSettings(
                    8192, false, true, true, Inspection.NONE, Inspection.NONE, plan),
                new TransferRuntime(
                    memory,
                    () -> memory,
                    blockingIo,
                    pipes,
                    () -> Materializer.matFromSystem(system.classicSystem())),
                new Activity(),
                new Transfer.Observer() {
                  @Override
                  public void sourceEnded(TransferDirection direction) {}

                  @Override
                  public boolean writeFailed(
                      TransferDirection direction, NativeError error, long lost) {
                    throw error;
                  }

                  @Override
                  public void stoppedWith(TransferDirection direction, long lost) {}

                  @Override
                  public void ended(TransferDirection direction, TransferEnd end) {
                    halfClosed.countDown();
                  }
                })
            .start();
    LibC.write(left[1].number(), NativeBuffer.allocate(1), 0, 1);
    SocketCalls.shutdown(left[1].number(), SocketCalls.SHUT_WR);
    assertTrue(halfClosed.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    int freed = toProgram[1].number();
    assertTrue(toProgram[1].isClosed());

    Fd[] next = socketPair();
    assumeTrue(next[0].number() == freed, "something else took the number");
    CountDownLatch readable = new CountDownLatch(1);
    poller.register(
        next[0].number(),
        events -> {
          if ((events & Poller.READABLE) != 0) {
            readable.countDown();
          }
        });
    CountDownLatch stopped = new CountDownLatch(1);
    transfers.stop(stopped::countDown);
    assertTrue(stopped.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(1, LibC.write(next[1].number(), NativeBuffer.allocate(1), 0, 1));
    assertTrue(
        readable.await(PATIENCE_SECONDS, TimeUnit.SECONDS),
        "the next owner is not watched any more");
    for (Fd fd : new Fd[] {left[0], left[1], toProgram[0], fromProgram[0], fromProgram[1]}) {
      fd.close();
    }
    next[0].close();
    next[1].close();
  }
}
