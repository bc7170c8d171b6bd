package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.relay.RelayHandle;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.TcpTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that goes away while the server still answers it. */
@Timeout(120)
class GoneClientTest {
  private static final int SMALL_WINDOW = 8192;

  @RegisterExtension final RelayExtension relays = new RelayExtension();

  /** The client goes away with answers unread; what it had sent before still arrives. */
  @Test
  void whatAClientSentBeforeItWentAwayIsDelivered() throws Exception {
    try (ServerSocket listener = new ServerSocket()) {
      listener.setReceiveBufferSize(SMALL_WINDOW);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      RelayHandle relay =
          relays.start(
              "TCP-LISTEN:0,bind=127.0.0.1,fork",
              "TCP:127.0.0.1:" + listener.getLocalPort() + ",sndbuf=20000");
      int port = relays.port(relay);
      Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
      try (Socket server = listener.accept()) {
        server.setSoTimeout((int) RelayExtension.PATIENCE.toMillis());
        client.getOutputStream().write(new byte[150_000]);
        long count = readUntilTheRelayHasAll(server, client.getLocalPort());
        client.close();
        assertEquals(150_000, count + readWhileAnswering(server));
      }
    }
  }

  /**
   * Reads no more than it takes until all is out of the client's kernel, which throws away what it
   * still has when the first answer meets a closed socket; the bytes read.
   */
  private static long readUntilTheRelayHasAll(Socket connection, int client) throws IOException {
    long count = 0;
    byte[] block = new byte[SMALL_WINDOW];
    while (TcpTable.unacknowledged(client) > 0) {
      count += connection.getInputStream().read(block);
    }
    return count;
  }

  /** Reads to the end, with an answer to each block; the bytes read. */
  private static long readWhileAnswering(Socket connection) throws IOException {
    long count = 0;
    byte[] block = new byte[SMALL_WINDOW];
    InputStream in = connection.getInputStream();
    for (int n = in.read(block); n > 0; n = in.read(block)) {
      count += n;
      connection.getOutputStream().write('a');
    }
    return count;
  }
}
