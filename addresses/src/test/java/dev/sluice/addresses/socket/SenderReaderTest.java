package dev.sluice.addresses.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session's socket makes of datagrams that came before it was connected. */
class SenderReaderTest {
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  private final NativeBuffer block = NativeBuffer.allocate(65_536);

  private static void send(DatagramSocket from, String text, int port) throws IOException {
    byte[] content = text.getBytes(US_ASCII);
    from.send(new DatagramPacket(content, content.length, HOST, port));
  }

  @Test
  void aStrangersDatagramFromBetweenBindAndConnectIsHandedOn() throws IOException {
    List<String> strays = new ArrayList<>();
    try (Fd fd =
            SocketCalls.socket(
                SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM | SocketCalls.SOCK_NONBLOCK, 0);
        DatagramSocket peer = new DatagramSocket(0, HOST);
        DatagramSocket stranger = new DatagramSocket(0, HOST)) {
      SocketCalls.bind(fd.number(), SocketAddressBytes.of(HOST, 0));
      int port = SocketCalls.getsockname(fd.number()).port();
      send(stranger, "not yours", port);
      send(peer, "yours", port);
      SocketAddressBytes address = SocketAddressBytes.of(HOST, peer.getLocalPort());
      SocketCalls.connect(fd.number(), address);
      SenderReader reader =
          new SenderReader(
              fd,
              address,
              (from, content) -> strays.add(from.port() + " " + new String(content, US_ASCII)),
              RelayLog.ofProcess());
      int n = reader.read(block.address(), block.capacity());
      assertTrue(n > 0);
      byte[] read = new byte[n];
      NativeBuffer.get(block.address(), read, 0, n);
      assertEquals("yours", new String(read, US_ASCII));
      assertEquals(List.of(stranger.getLocalPort() + " not yours"), strays);
    }
  }

  @Test
  void aSocketForDatagramsOfAllHasRoomForABurst() throws IOException {
    int most;
    try (BufferedReader limit = Files.newBufferedReader(Path.of("/proc/sys/net/core/rmem_max"))) {
      most = Integer.parseInt(limit.readLine());
    }
    try (Fd fd = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM, 0)) {
      SocketMaker.enlargeReceiveBuffer(fd);
      byte[] size = SocketCalls.getsockopt(fd.number(), 1, 8, 4);
      int bytes = ByteBuffer.wrap(size).order(ByteOrder.nativeOrder()).getInt();
      assertEquals(2 * Math.min(most, 4 << 20), bytes); // see socket(7) on the doubling
    }
  }
}
