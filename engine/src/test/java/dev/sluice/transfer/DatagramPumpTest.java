package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketCalls;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Datagrams in batches: their boundaries, their order, and where they stop. */
class DatagramPumpTest {
  private static final int BLOCK = 100;
  private static final int AF_UNIX = 1;

  private final Fd[] source = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_DGRAM, 0);
  private final Fd[] target = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_DGRAM, 0);
  private final Block scratch = new Block(BLOCK);
  private final DatagramPump pump =
      new DatagramPump(
          FdReader.of(source[1]),
          FdWriter.of(target[0]),
          BLOCK,
          new PollerMemory(new NoPoller(), 1));

  /** Nothing here waits. */
  private static final class NoPoller implements Poller {
    @Override
    public Registration register(int fd, Handler handler) {
      throw new AssertionError("a pump registers nothing");
    }

    @Override
    public void execute(Runnable task) {
      throw new AssertionError("a pump has no tasks");
    }

    @Override
    public boolean isCurrent() {
      return true;
    }

    @Override
    public void close() {}
  }

  DatagramPumpTest() {
    for (Fd fd : new Fd[] {source[0], source[1], target[0], target[1]}) {
      fd.setNonBlocking(true);
    }
  }

  @AfterEach
  void close() {
    pump.release();
    for (Fd fd : new Fd[] {source[0], source[1], target[0], target[1]}) {
      fd.close();
    }
  }

  private void send(int length) {
    NativeBuffer bytes = NativeBuffer.allocate(Math.max(1, length));
    bytes.bytes().put(0, (byte) length);
    assertEquals(
        length, SocketCalls.send(source[0].number(), bytes.address(), length), "not taken");
  }

  /** The lengths of all datagrams that have come through. */
  private List<Integer> arrived() {
    List<Integer> lengths = new ArrayList<>();
    NativeBuffer bytes = NativeBuffer.allocate(BLOCK + 1);
    while (true) {
      int n = LibC.read(target[1].number(), bytes, 0, BLOCK + 1);
      if (n == -Errno.EAGAIN) {
        return lengths;
      }
      lengths.add(n);
    }
  }

  @Test
  void movesAllThatIsThereInOneStep() {
    for (int length : new int[] {3, 1, 2, 90}) {
      send(length);
    }
    assertEquals(Pump.Step.MOVED_ALL, pump.step(scratch));
    assertEquals(List.of(3, 1, 2, 90), arrived());
    assertEquals(96, pump.bytes());
    assertEquals(4, pump.blocks());
    assertEquals(Pump.Step.WANTS_INPUT, pump.step(scratch));
    assertEquals("datagrams", pump.plan());
  }

  private void send(int length, int times) {
    for (int i = 0; i < times; i++) {
      send(length);
    }
  }

  @Test
  void manyAtOncePromiseMore() {
    send(1, 7);
    pump.step(scratch);
    assertFalse(pump.expectsMore());
    send(1, 8);
    pump.step(scratch);
    assertTrue(pump.expectsMore());
  }

  @Test
  void looksThatFindNothingOrFewEndThePromise() {
    send(1, 8);
    pump.step(scratch);
    for (int look = 1; look < 8; look++) {
      send(1, look % 2);
      pump.step(scratch);
      assertTrue(pump.expectsMore(), "after " + look);
    }
    pump.step(scratch);
    assertFalse(pump.expectsMore());
  }

  @Test
  void cutsWhatIsLongerThanABlock() {
    NativeBuffer bytes = NativeBuffer.allocate(200);
    bytes.bytes().put(0, (byte) BLOCK);
    SocketCalls.send(source[0].number(), bytes.address(), 200);
    pump.step(scratch);
    assertEquals(List.of(BLOCK), arrived());
  }

  @Test
  void keepsWhatHasNoRoomAndSendsItLater() {
    int room = 0;
    NativeBuffer bytes = NativeBuffer.allocate(1);
    bytes.bytes().put(0, (byte) 1);
    while (SocketCalls.send(target[0].number(), bytes.address(), 1) == 1) {
      room++;
    }
    for (int length : new int[] {5, 6, 7}) {
      send(length);
    }
    assertEquals(Pump.Step.WANTS_OUTPUT, pump.step(scratch));
    assertTrue(pump.holdsBytes());
    assertEquals(room, arrived().size());
    assertEquals(Pump.Step.MOVED, pump.step(scratch));
    assertEquals(List.of(5, 6, 7), arrived());
    assertFalse(pump.holdsBytes());
  }

  @Test
  void tellsWhatItStillHolds() {
    NativeBuffer bytes = NativeBuffer.allocate(1);
    bytes.bytes().put(0, (byte) 1);
    while (SocketCalls.send(target[0].number(), bytes.address(), 1) == 1) {
      // until it is full
    }
    send(5);
    send(6);
    pump.step(scratch);
    assertEquals(11, pump.release());
    assertFalse(pump.holdsBytes());
  }

  @Test
  void anEmptyDatagramIsTheEndAndWhatCameBeforeGoesThrough() {
    send(4);
    send(0);
    send(9);
    assertEquals(Pump.Step.MOVED, pump.step(scratch));
    assertEquals(Pump.Step.END, pump.step(scratch));
    assertEquals(List.of(4), arrived());
  }

  @Test
  void aTargetThatIsGoneFailsTheStepAndTellsTheLoss() {
    target[1].close();
    send(4);
    send(5);
    EndpointFailure failure = assertThrows(EndpointFailure.class, () -> pump.step(scratch));
    assertFalse(failure.isReading());
    assertEquals(9, pump.release());
  }
}
