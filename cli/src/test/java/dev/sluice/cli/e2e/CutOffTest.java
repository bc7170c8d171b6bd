package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop and a reset in the middle of the data: what is told of them. */
class CutOffTest {
  private static final Pattern CUT_OFF =
      Pattern.compile("W (\\d+) bytes read from socket 1 were not written");

  /** The server reads nothing, and all buffers on the way to it are full. */
  @Test
  void aStopTellsHowMuchItCutOff() throws Exception {
    int port = Server.freePort();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Run run =
            Tool.OURS
                .command(
                    "-ddd",
                    "TCP-LISTEN:" + port + ",bind=127.0.0.1",
                    "TCP:127.0.0.1:" + server.getLocalPort())
                .start()) {
      run.awaitLog("listening on");
      try (SocketChannel client =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
        client.configureBlocking(false);
        run.awaitLog("starting data transfer");
        fill(client, run);
        Outcome outcome = run.stop("TERM");
        Matcher lost = CUT_OFF.matcher(outcome.stderr());
        assertTrue(lost.find(), outcome.stderr());
        assertTrue(Long.parseLong(lost.group(1)) > 0, lost.group());
        assertNotEquals(0, outcome.status());
      }
    }
  }

  /** Writes until the relay, which has done what it could, takes no more. */
  private static void fill(SocketChannel client, Run run) throws IOException {
    long written;
    do {
      written = 0;
      ByteBuffer block = ByteBuffer.allocate(1 << 16);
      for (int n = client.write(block); n > 0; n = client.write(block)) {
        written += n;
        block.clear();
      }
      run.awaitIdle();
    } while (written > 0);
  }

  /** What the server says before it resets the connection goes to the terminal's user. */
  @Test
  void aResetBehindTheAnswerToATerminalIsTold(@TempDir Path folder) throws Exception {
    try (Server server =
            Server.serving(
                c -> {
                  c.getInputStream().read();
                  c.getOutputStream().write("answer\n".getBytes(US_ASCII));
                  c.setSoLinger(true, 0);
                });
        Run run =
            Tool.OURS
                .command("-dd", "PTY,link=x,raw,echo=0", server.address() + ",forever")
                .in(folder)
                .start()) {
      run.awaitLog("starting data transfer");
      try (RandomAccessFile terminal = new RandomAccessFile(folder.resolve("x").toFile(), "rw")) {
        terminal.write('q');
        assertEquals("answer", terminal.readLine());
        Outcome outcome = run.await();
        assertTrue(outcome.stderr().contains("Connection reset by peer"), outcome.stderr());
        assertEquals(1, outcome.status());
      }
    }
  }
}
