package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Bytes a second of a session and of a relay. */
@Timeout(60)
class FleetLimitTest {
  /** At 10 bytes a second these take longer than the test may. */
  private static final byte[] DATA = "0123456789".repeat(200).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private final int port = Server.freePort();

  private void write(String limits, Server upstream) throws IOException {
    Files.writeString(
        folder.resolve("fleet.conf"),
        """
        sluice { relays {
          web { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "%s", limits { %s } }
        } }
        """
            .formatted(port, upstream.address(), limits));
  }

  private Outcome verb(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "fleet";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--socket";
    all[words.length + 2] = "s";
    return Tool.SLUICE.command(all).in(folder).run();
  }

  @Test
  void bytesOfASessionAreFewUntilTheLimitIsTakenAway() throws IOException {
    limitIsLifted("bytes-per-second = 10");
  }

  @Test
  void bytesOfARelayAreFewUntilTheLimitIsTakenAway() throws IOException {
    limitIsLifted("relay-bytes-per-second = 10");
  }

  private void limitIsLifted(String limit) throws IOException {
    try (Server echo = Server.echo()) {
      write(limit, echo);
      try (Run fleet =
          Tool.SLUICE.command("fleet", "run", "--socket", "s", "fleet.conf").in(folder).start()) {
        Await.until(() -> verb("status").stdout().matches("(?s).*web +running.*"), fleet::log);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
          client.getOutputStream().write(DATA);
          assertEquals(DATA[0], client.getInputStream().read());
          assertEquals(DATA[1], client.getInputStream().read());
          String session = verb("sessions", "--json").stdout();
          assertTrue(session.contains("\"plan\":\"stream\""), session);
          assertTrue(session.matches("(?s).*\"bytes_right\":\\d{1,3}\\D.*"), session);
          write("", echo);
          Outcome apply = verb("apply");
          assertTrue(apply.stdout().contains("soft"), apply.stdout() + apply.stderr());
          byte[] rest = client.getInputStream().readNBytes(DATA.length - 2);
          assertEquals(DATA.length - 2, rest.length);
          client.shutdownOutput();
          assertEquals(-1, client.getInputStream().read());
        }
      }
    }
  }
}
