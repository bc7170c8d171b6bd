package dev.sluice.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.sluice.endpoint.DataOptions;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream over a descriptor that the poller can't watch fails; it does not wait for ever. */
class IoLaneTest {
  private final ActorSystem system = ActorSystem.create("io-lane");
  private final Fd[] pair =
      SocketCalls.socketpair(SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM, 0);

  /** As when max_user_watches of epoll(7) is reached. */
  private static final class FullPoller implements Poller {
    @Override
    public Registration register(int fd, Handler handler) {
      throw new NativeError("epoll_ctl(" + fd + ")", Errno.ENOSPC);
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public boolean isCurrent() {
      return true;
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void end() {
    pair[0].close();
    pair[1].close();
    system.terminate();
  }

  @Test
  void aDescriptorThatCannotBeWatchedFailsItsStream() {
    Endpoint endpoint = Endpoint.ofSocket(pair[0], Direction.BOTH);
    IoLane lane = IoLane.of(endpoint, new FullPoller(), Runnable::run);
    FdSource source =
        new FdSource(Objects.requireNonNull(endpoint.reader()), lane, 1024, DataOptions.NONE);
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () ->
                Source.fromGraph(source)
                    .runWith(Sink.ignore(), system)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS));
    EndpointFailure why = assertInstanceOf(EndpointFailure.class, failure.getCause());
    assertEquals(Errno.ENOSPC, why.error().errno());
  }

  /** The number of the output may be another file's by then. */
  @Test
  void anOutputThatHasEndedIsNotWatched() throws Exception {
    Fd[] pipe = LibC.pipe(0);
    Endpoint endpoint =
        Endpoint.duplex(FdReader.of(pipe[0]), FdWriter.of(pipe[1]))
            .pollable()
            .halfClose(HalfClose.CLOSE);
    try (Poller poller = EpollPoller.start("io-lane")) {
      IoLane lane = IoLane.of(endpoint, poller, Runnable::run);
      FdSource source =
          new FdSource(Objects.requireNonNull(endpoint.reader()), lane, 1024, DataOptions.NONE);
      assertNull(endpoint.endOutput());
      Source.fromGraph(source)
          .runWith(Sink.ignore(), system)
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      CountDownLatch closed = new CountDownLatch(1);
      lane.close(closed::countDown);
      assertTrue(closed.await(20, TimeUnit.SECONDS));
      endpoint.close();
    }
  }
}
