package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.PipePool;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A pump that splices gets past TCP's urgent byte, which splice(2) does not. */
class UrgentDataTest {
  private static final int AF_INET = 2;
  private static final int PIECE = 64 * 1024;

  private final NativeBuffer bytes = NativeBuffer.allocate(PIECE);
  private final Block scratch = new Block(PIECE);

  @Test
  void whatFollowsAnUrgentByteIsMoved() throws IOException {
    InetAddress host = InetAddress.getLoopbackAddress();
    PipePool pipes = new PipePool(1 << 20, 1, 1 << 24);
    Fd[] target = LibC.pipe(OpenFlags.NONBLOCK);
    Fd source = SocketCalls.socket(AF_INET, SocketCalls.SOCK_STREAM, 0);
    try (ServerSocket listener = new ServerSocket(0, 1, host)) {
      SocketCalls.connect(source.number(), SocketAddressBytes.of(host, listener.getLocalPort()));
      source.setNonBlocking(true);
      SplicePump pump =
          new SplicePump(FdReader.ofTcp(source), FdWriter.of(target[1]), PIECE, PIECE, 0, pipes);
      try (Socket sender = listener.accept()) {
        while (!pump.plan().equals("splice")) {
          sender.getOutputStream().write(new byte[PIECE]);
          move(pump, target[0], PIECE);
        }
        sender.sendUrgentData(1);
        sender.getOutputStream().write(new byte[10]);
        move(pump, target[0], 10);
        sender.sendUrgentData(1);
        sender.getOutputStream().write(new byte[10]);
        sender.shutdownOutput();
        move(pump, target[0], 10);
      } finally {
        pump.release();
      }
    } finally {
      pipes.close();
      for (Fd fd : new Fd[] {source, target[0], target[1]}) {
        fd.close();
      }
    }
  }

  /** Has the pump move so many bytes; fails when it would wait although they are there. */
  private void move(SplicePump pump, Fd target, int length) {
    int moved = 0;
    while (moved < length) {
      await(pump);
      int n = LibC.read(target.number(), bytes, 0, PIECE);
      moved += Math.max(n, 0);
    }
    assertEquals(length, moved);
  }

  /** Asks as often as a driver does before it waits; the first piece may be on its way. */
  private void await(SplicePump pump) {
    long before = pump.bytes();
    for (int i = 0; i < 1_000_000 && pump.bytes() == before; i++) {
      pump.step(scratch);
    }
    assertTrue(pump.bytes() > before, "stands still");
  }
}
