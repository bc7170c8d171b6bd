package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a pump makes of reads that give less than was asked for. */
class ShortReadTest {
  private static final int AF_UNIX = 1;
  private static final int O_DIRECT = 040000;
  private static final int BLOCK = 4096;

  private final Fd[] packets = LibC.pipe(O_DIRECT | SocketCalls.SOCK_NONBLOCK);
  private final Fd[] target = SocketCalls.socketpair(AF_UNIX, SocketCalls.SOCK_STREAM, 0);
  private final NativeBuffer bytes = NativeBuffer.allocate(BLOCK);
  private final Block scratch = new Block(BLOCK);

  @AfterEach
  void close() {
    for (Fd fd : new Fd[] {packets[0], packets[1], target[0], target[1]}) {
      fd.close();
    }
  }

  private void write(int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(3, LibC.write(packets[1].number(), bytes, 0, 3));
    }
  }

  @Test
  void aReadThatStopsAtAPacketDoesNotMeanThatTheSourceIsEmpty() {
    write(2);
    CopyPump pump = new CopyPump(FdReader.of(packets[0]), FdWriter.of(target[0]), BLOCK, BLOCK, 0);
    assertEquals(Pump.Step.MOVED, pump.step(scratch));
    assertEquals(Pump.Step.MOVED, pump.step(scratch));
    assertEquals(Pump.Step.WANTS_INPUT, pump.step(scratch));
  }

  @Test
  void aShortReadOfTcpMeansThatItIsEmpty() {
    write(1);
    CopyPump pump =
        new CopyPump(FdReader.ofTcp(packets[0]), FdWriter.of(target[0]), BLOCK, BLOCK, 0);
    assertEquals(Pump.Step.MOVED_ALL, pump.step(scratch));
  }

  @Test
  void theLimitEndsTheDataWithTheReadThatReachesIt() {
    write(2);
    CopyPump pump = new CopyPump(FdReader.of(packets[0]), FdWriter.of(target[0]), BLOCK, BLOCK, 6);
    assertEquals(Pump.Step.MOVED, pump.step(scratch));
    assertEquals(Pump.Step.END, pump.step(scratch));
  }

  @Test
  void theLimitEndsTheDataOnceAllIsWritten() {
    target[0].setNonBlocking(true);
    while (LibC.write(target[0].number(), bytes, 0, BLOCK) != -Errno.EAGAIN) {
      // until there is no room
    }
    write(1);
    CopyPump pump = new CopyPump(FdReader.of(packets[0]), FdWriter.of(target[0]), BLOCK, BLOCK, 3);
    assertEquals(Pump.Step.WANTS_OUTPUT, pump.step(scratch));
    target[1].setNonBlocking(true);
    while (LibC.read(target[1].number(), bytes, 0, BLOCK) > 0) {
      // until it is empty
    }
    assertEquals(Pump.Step.END, pump.step(scratch));
    assertEquals(3, pump.bytes());
  }
}
