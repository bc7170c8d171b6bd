package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a transfer takes its turns; the test is the pollers. */
class PolledTransferTest {
  private static final int BLOCK = 100;
  private static final int AF_UNIX = 1;

  private final Fd[] source = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_DGRAM, 0);
  private final Fd[] target = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_DGRAM, 0);
  private final NativeBuffer bytes = NativeBuffer.allocate(BLOCK);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Queue<Runnable> looks = new ArrayDeque<>();
  private final List<TransferDirection> sourceEnds = new ArrayList<>();
  private final List<TransferEnd> ends = new ArrayList<>();

  PolledTransferTest() {
    for (Fd fd : List.of(source[0], source[1], target[0], target[1])) {
      fd.setNonBlocking(true);
    }
  }

  @AfterEach
  void close() {
    for (Fd fd : List.of(source[0], source[1], target[0], target[1])) {
      fd.close();
    }
  }

  /** Keeps tasks and looks for the test to run. */
  private final class ManualPoller implements Poller {
    @Override
    public Registration register(int fd, Handler handler) {
      throw new AssertionError("a transfer registers nothing");
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public void lookAgain(Runnable look) {
      looks.add(look);
    }

    @Override
    public boolean isCurrent() {
      return true;
    }

    @Override
    public void close() {}
  }

  private final class Ends implements Transfer.Observer {
    @Override
    public void sourceEnded(TransferDirection direction) {
      sourceEnds.add(direction);
    }

    @Override
    public boolean writeFailed(TransferDirection direction, NativeError error, long lost) {
      throw error;
    }

    @Override
    public void stoppedWith(TransferDirection direction, long lost) {
      throw new AssertionError("stopped");
    }

    @Override
    public void ended(TransferDirection direction, TransferEnd end) {
      ends.add(end);
    }
  }

  private PolledTransfer transfer(boolean destinationElsewhere) {
    PollerMemory memory = new PollerMemory(new ManualPoller(), 1);
    return new PolledTransfer(
        TransferDirection.LEFT_TO_RIGHT,
        new DatagramPump(FdReader.of(source[1]), FdWriter.of(target[0]), BLOCK, memory),
        memory,
        destinationElsewhere,
        new Activity(),
        new Ends(),
        Endpoint.writing(FdWriter.of(target[0])));
  }

  private int send(Fd fd, int length) {
    return SocketCalls.send(fd.number(), bytes.address(), length);
  }

  private void send(int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(1, send(source[0], 1));
    }
  }

  private int arrived() {
    int n = 0;
    while (LibC.read(target[1].number(), bytes, 0, BLOCK) != -Errno.EAGAIN) {
      n++;
    }
    return n;
  }

  /** How many it takes until there is no room. */
  private int fillTarget() {
    int n = 0;
    while (send(target[0], 1) == 1) {
      n++;
    }
    return n;
  }

  private static void runOne(Queue<Runnable> queue) {
    queue.remove().run();
  }

  @Test
  void looksWithoutBeingToldWhileMoreIsExpected() {
    PolledTransfer transfer = transfer(false);
    send(8);
    transfer.sourceReady(Poller.READABLE);
    assertEquals(8, arrived());
    send(2);
    runOne(looks);
    assertEquals(2, arrived());
    int vain = 0;
    while (!looks.isEmpty()) {
      runOne(looks);
      assertTrue(looks.size() <= 1);
      vain++;
    }
    assertEquals(7, vain);
    send(1);
    transfer.sourceReady(Poller.READABLE);
    assertEquals(1, arrived());
    assertTrue(looks.isEmpty());
    assertTrue(tasks.isEmpty());
  }

  @Test
  void roomThatAnotherThreadHearsOfIsUsedHere() {
    PolledTransfer transfer = transfer(true);
    int room = fillTarget();
    send(3);
    transfer.sourceReady(Poller.READABLE);
    transfer.destinationReady();
    assertEquals(1, tasks.size());
    runOne(tasks);
    assertEquals(room, arrived(), "there was none yet");
    transfer.destinationReady();
    runOne(tasks);
    assertEquals(3, arrived());
    transfer.destinationReady();
    assertTrue(tasks.isEmpty(), "nothing waits");
  }

  @Test
  void asksForRoomWhenThereIsNone() {
    PolledTransfer transfer = transfer(false);
    AtomicInteger asked = new AtomicInteger();
    transfer.destinationWatched(
        new Poller.Registration() {
          @Override
          public void close() {}

          @Override
          public void awaitRoom() {
            asked.incrementAndGet();
          }
        });
    send(1);
    transfer.sourceReady(Poller.READABLE);
    assertEquals(1, arrived());
    assertEquals(0, asked.get());
    fillTarget();
    send(1);
    transfer.sourceReady(Poller.READABLE);
    assertEquals(1, asked.get());
  }

  @Test
  void whereTwoThreadsDriveASessionSourcesTellTheirEndsThemselves() {
    assertEquals(0, send(source[0], 0));
    transfer(true).sourceReady(Poller.READABLE);
    assertEquals(List.of(TransferDirection.LEFT_TO_RIGHT), sourceEnds);
    assertEquals(List.of(new TransferEnd.EndOfStream(null)), ends);
  }
}
