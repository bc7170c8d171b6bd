package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --admin}: the relay of one command line can be looked at. */
@Timeout(240)
class AdminOptionTest {
  @TempDir Path folder;

  private Outcome ask(String... words) {
    return Tool.SLUICE.command(words).in(folder).run();
  }

  @Test
  void topShowsTheRelayAndItsSession() throws IOException {
    int port = Server.freePort();
    try (Run run =
        Tool.SLUICE
            .command("--admin=s", "-d", "-d", "TCP-LISTEN:" + port + ",reuseaddr,fork", "PIPE")
            .in(folder)
            .start()) {
      run.awaitLog("relay: listening on");
      Await.until(() -> Files.exists(folder.resolve("s")), run::log);
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        assertEquals('h', client.getInputStream().read());
        String top = ask("top", "--socket", "s", "--once").stdout();
        assertTrue(top.startsWith("1 relays, 0 failing, 1 sessions"), top);
        assertTrue(ask("status", "--socket", "s").stdout().contains("relay  running"), top);
        assertEquals(0, ask("fleet", "stop", "--socket", "s", "relay").status());
        assertEquals(-1, drained(client));
      }
    }
  }

  private static int drained(Socket client) throws IOException {
    int last = client.getInputStream().read();
    while (last >= 0) {
      last = client.getInputStream().read();
    }
    return last;
  }

  @Test
  void itEndsAsTheRelayDoes() {
    Outcome done = ask("--admin=s", "-u", "OPEN:/etc/hostname,rdonly", "CREATE:copy");
    assertEquals(0, done.status(), done.stderr());
    assertTrue(Files.exists(folder.resolve("copy")));
    assertFalse(Files.exists(folder.resolve("s")), "the socket is left behind");
    Outcome refused = ask("--admin=s", "TCP:127.0.0.1:1", "PIPE");
    assertEquals(1, refused.status());
    assertTrue(refused.stderr().contains("Connection refused"), refused.stderr());
    Outcome wrong = ask("--admin=s", "TCP-LISTEN:1,frok", "PIPE");
    assertEquals(1, wrong.status());
    assertTrue(wrong.stderr().contains("unknown option \"frok\""), wrong.stderr());
    Outcome open = ask("--admin=s", "--admin-listen=TCP-LISTEN:0,fork", "PIPE", "PIPE");
    assertEquals(1, open.status());
    assertTrue(open.stderr().contains("SLUICE_ADMIN_TOKEN"), open.stderr());
  }
}
