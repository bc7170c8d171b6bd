package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.testkit.TcpTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server accepts and resets a connection before the relay has seen that it is connected. The
 * connect counts, as it does for the peer, which waits in connect(2); the reset is told by the
 * first read.
 */
class ResetWhileConnectingTest {
  /** What is sent before the reset. */
  private static final String DATA = "last words\n";

  /**
   * Our tool is stopped from its SYN until it has been reset. The peer is reset once it says that
   * it is connected.
   */
  private static Outcome play(Tool tool, String poller, String options, boolean sends)
      throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket first = new Socket(server.getInetAddress(), server.getLocalPort());
      Socket second =
          new Socket(server.getInetAddress(), server.getLocalPort()); // the queue is full
      String target = "TCP:127.0.0.1:" + server.getLocalPort() + options;
      try (Run run =
          tool.command("-d", "-d", "STDIO", target)
              .openInput()
              .env("SLUICE_JAVA_OPTS", "-Dsluice.poller=" + poller)
              .start()) {
        Await.until(() -> isConnecting(server.getLocalPort()), () -> "a SYN; " + run.log());
        if (tool.isOurs()) {
          run.signal("STOP");
        }
        server.accept().close();
        server.accept().close();
        try (Socket peer = server.accept()) {
          if (!tool.isOurs()) {
            run.awaitLog("starting data transfer loop");
          }
          if (sends) {
            peer.getOutputStream().write(DATA.getBytes(US_ASCII));
          }
          peer.setSoLinger(true, 0);
        }
        if (tool.isOurs()) {
          run.signal("CONT");
        }
        return run.await();
      } finally {
        first.close();
        second.close();
      }
    }
  }

  private static boolean isConnecting(int port) {
    return TcpTable.rows()
        .anyMatch(row -> row.peerPort() == port && row.state() == TcpTable.SYN_SENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "selector"})
  void theFirstReadFails(String poller) {
    Outcome ours = SideBySide.play((tool, folder) -> play(tool, poller, "", false)).same();
    assertEquals(1, ours.status(), ours.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "selector"})
  void whatWasSentBeforeArrives(String poller) throws IOException {
    Outcome ours = play(Tool.OURS, poller, "", true);
    assertEquals(DATA, ours.stdout(), ours.stderr());
    assertEquals(1, ours.status(), ours.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "selector"})
  void itIsNoFailedConnect(String poller) throws IOException {
    Outcome ours = play(Tool.OURS, poller, ",retry=3,interval=0.01", false);
    assertFalse(ours.stderr().contains("connect("), ours.stderr());
    assertEquals(1, ours.status(), ours.stderr());
  }
}
