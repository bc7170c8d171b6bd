package dev.sluice.addresses.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Senders that do not stop neither fill the memory nor keep a poller. */
class DatagramBoundsTest {
  private static final int MANY = 200;
  private static final int LARGE = 60_000;

  private final NativeBuffer block = NativeBuffer.allocate(65_536);

  private static Fd udpSocket() {
    Fd fd =
        SocketCalls.socket(
            SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_NONBLOCK, 0);
    SocketCalls.bind(fd.number(), SocketAddressBytes.of(InetAddress.getLoopbackAddress(), 0));
    return fd;
  }

  private static void feed(SenderReader reader, int length) {
    for (int i = 0; i < 5_000; i++) {
      assertTrue(reader.feed(new byte[length]));
    }
  }

  private int taken(SenderReader reader) {
    int count = 0;
    while (reader.hasBuffered()) {
      assertTrue(reader.read(block.address(), block.capacity()) > 0);
      count++;
    }
    return count;
  }

  @Test
  void losesWhatASessionDoesNotTake() {
    try (Fd fd = udpSocket()) {
      SenderReader reader =
          new SenderReader(
              fd,
              SocketCalls.getsockname(fd.number()),
              (from, content) -> {},
              RelayLog.ofProcess());
      feed(reader, 1);
      assertTrue(reader.isFull());
      assertEquals(1024, taken(reader));
      feed(reader, LARGE);
      assertEquals((1 << 20) / LARGE, taken(reader));
      assertTrue(reader.feed(new byte[1]));
      assertEquals(1, taken(reader));
    }
  }

  @Test
  void givesOthersATurnBetweenRefusedDatagrams() throws IOException {
    AtomicInteger judged = new AtomicInteger();
    AtomicInteger wakes = new AtomicInteger();
    try (Fd fd = udpSocket();
        DatagramSocket sender = new DatagramSocket()) {
      int port = SocketCalls.getsockname(fd.number()).port();
      for (int i = 0; i < MANY; i++) {
        sender.send(new DatagramPacket(new byte[1], 1, InetAddress.getLoopbackAddress(), port));
      }
      DatagramReader reader =
          new DatagramReader(
              fd,
              from -> {
                judged.incrementAndGet();
                return false;
              },
              false,
              false,
              false,
              RelayLog.ofProcess());
      reader.whenBuffered(wakes::incrementAndGet);
      assertEquals(-Errno.EAGAIN, reader.read(block.address(), block.capacity()));
      assertEquals(1, wakes.get());
      assertTrue(judged.get() < MANY, "judged: " + judged);
      while (wakes.get() > 0) {
        wakes.set(0);
        assertEquals(-Errno.EAGAIN, reader.read(block.address(), block.capacity()));
      }
      assertEquals(MANY, judged.get());
    }
  }
}
