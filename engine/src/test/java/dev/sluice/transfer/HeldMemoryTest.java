package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Destinations without room hold no more than the share; others are served meanwhile. */
class HeldMemoryTest {
  private static final int BLOCK = 1 << 16;
  private static final int STREAM = SocketCalls.SOCK_STREAM | SocketCalls.SOCK_NONBLOCK;

  private final Fd[] source = pair();
  private final Fd[] target = pair();
  private final NativeBuffer bytes = NativeBuffer.allocate(BLOCK);
  private final Block scratch = new Block(BLOCK);
  private final HeldMemory memory = new HeldMemory(BLOCK);
  private final CopyPump pump =
      new CopyPump(FdReader.of(source[0]), FdWriter.of(target[0]), BLOCK, BLOCK, 0, true, memory);

  private static Fd[] pair() {
    return SocketCalls.socketpair(SocketAddressBytes.AF_UNIX, STREAM, 0);
  }

  @AfterEach
  void close() {
    for (Fd fd : new Fd[] {source[0], source[1], target[0], target[1]}) {
      fd.close();
    }
  }

  private void fillTarget() {
    while (LibC.write(target[0].number(), bytes, 0, BLOCK) != -Errno.EAGAIN) {
      // until there is no room
    }
  }

  private void emptyTarget() {
    while (LibC.read(target[1].number(), bytes, 0, BLOCK) > 0) {
      // until nothing is left
    }
  }

  private void send(int length) {
    assertEquals(length, LibC.write(source[1].number(), bytes, 0, length));
  }

  @Test
  void whatFindsNoRoomCountsUntilItIsWritten() {
    fillTarget();
    send(1000);
    assertEquals(Pump.Step.WANTS_OUTPUT, pump.step(scratch));
    assertEquals(1000, memory.held());
    emptyTarget();
    assertEquals(Pump.Step.MOVED, pump.step(scratch));
    assertEquals(0, memory.held());
  }

  @Test
  void whatIsGivenUpCountsNoMore() {
    fillTarget();
    send(1000);
    pump.step(scratch);
    assertEquals(1000, pump.release());
    assertEquals(0, pump.release());
    assertEquals(0, memory.held());
  }

  @Test
  void nothingIsReadForADestinationWithoutRoomWhileMemoryIsShort() {
    memory.take(BLOCK);
    fillTarget();
    send(1000);
    assertEquals(Pump.Step.WANTS_OUTPUT, pump.step(scratch));
    assertEquals(BLOCK, memory.held());
    assertEquals(1000, LibC.read(source[0].number(), bytes, 0, BLOCK));
  }

  @Test
  void aStreamGoesOnInSmallPiecesWhileMemoryIsShort() {
    memory.take(BLOCK);
    send(10_000);
    for (int i = 0; i < 3; i++) {
      assertEquals(Pump.Step.MOVED, pump.step(scratch));
    }
    assertEquals(Pump.Step.WANTS_INPUT, pump.step(scratch));
    assertEquals(10_000, LibC.read(target[1].number(), bytes, 0, BLOCK));
  }

  /** Its session must hear of the end, and not wait for room for ever. */
  @Test
  void aDestinationThatIsGoneIsNotWaitedFor() {
    memory.take(BLOCK);
    fillTarget();
    target[1].close();
    send(1000);
    try {
      pump.step(scratch);
    } catch (EndpointFailure e) {
      assertEquals(Errno.EPIPE, e.error().errno());
      return;
    }
    throw new AssertionError("no failure");
  }
}
