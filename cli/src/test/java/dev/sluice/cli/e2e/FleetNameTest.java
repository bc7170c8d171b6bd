package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet follows a name to its new address. */
@Timeout(120)
class FleetNameTest {
  @TempDir Path folder;

  private final int listen = Server.freePort();
  private final int port = Server.freePort();

  /** Answers each connection with a word, at 127.0.0.N. */
  private Server at(int last, char word) throws IOException {
    InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    return Server.serving(address, port, connection -> connection.getOutputStream().write(word));
  }

  private int said() {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listen)) {
      client.setSoTimeout((int) Await.LIMIT.toMillis());
      return client.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void eachAttemptLooksTheNameUpAgain() throws IOException {
    try (NameServer names = new NameServer();
        Server first = at(81, '1');
        Server second = at(82, '2')) {
      assertEquals(first.port(), second.port());
      names.move(80); // where nobody listens
      String options = "res-nsaddr=" + names.address() + ",retry=600,interval=0.05";
      Files.writeString(
          folder.resolve("fleet.conf"),
          """
          sluice { relays {
            web { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "TCP4:known.test:%d,%s" }
          } }
          """
              .formatted(listen, port, options));
      try (Run fleet =
              Tool.SLUICE
                  .command("fleet", "run", "--socket", "s", "fleet.conf")
                  .in(folder)
                  .start();
          Socket waiting = connected(fleet)) {
        Await.until(() -> names.questions().size() > 2, fleet::log); // one for each attempt
        names.move(81);
        assertEquals('1', waiting.getInputStream().read(), "within the session that had failed");
        assertEquals('1', said());
        names.move(82); // although the answer said that it holds for 60 s
        assertEquals('2', said());
      }
    }
  }

  private Socket connected(Run fleet) {
    Socket[] made = new Socket[1];
    Await.until(
        () -> {
          try {
            made[0] = new Socket(InetAddress.getLoopbackAddress(), listen);
            return true;
          } catch (IOException e) {
            return false;
          }
        },
        fleet::log);
    return made[0];
  }
}
