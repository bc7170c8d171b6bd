package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody sets the clock while a fleet runs: nothing that the fleet decides is by the time of day.
 * Debian's libfaketime sets it for that process alone.
 */
@Timeout(400)
class FleetClockTest {
  private static final Path LIBRARY =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

  @TempDir Path folder;

  private final int port = Server.freePort();
  private final int late = Server.freePort();

  @BeforeEach
  void needsFaketime() {
    assumeTrue(Files.exists(LIBRARY), "libfaketime is not installed");
  }

  private void setClock(String offset) throws IOException {
    Path file = Files.writeString(folder.resolve("clock.new"), offset + "\n");
    Files.move(file, folder.resolve("clock"), StandardCopyOption.ATOMIC_MOVE);
  }

  private Command fleet(String... words) {
    return Tool.SLUICE
        .command(words)
        .in(folder)
        .env("SLUICE_FLEET_SOCKET", folder.resolve("s").toString());
  }

  private String status() {
    return fleet("fleet", "status").run().stdout();
  }

  private Run start(Server first, int second) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("fleet.conf"),
            """
            sluice {
              pools.p { members = ["%s", "TCP:127.0.0.1:%d"], check { every = 100ms } }
              relays {
                pooled { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "POOL:p"
                         limits { total = 1h, idle = 1h } }
                late { left = "TCP:127.0.0.1:%d", right = "EXEC:echo came", retry { backoff = 1s } }
              }
            }
            """
                .formatted(first.address(), second, port, late));
    // the first start after a build writes an archive, which must not be with that library
    assertEquals(0, fleet("fleet", "check", file.toString()).run().status());
    return fleet("fleet", "run", file.toString())
        .env("LD_PRELOAD", LIBRARY.toString())
        .env("FAKETIME_TIMESTAMP_FILE", folder.resolve("clock").toString())
        .env("FAKETIME_CACHE_DURATION", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .start();
  }

  private static void assertEchoes(Socket socket) throws IOException {
    socket.getOutputStream().write('x');
    assertEquals('x', socket.getInputStream().read());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Await.LIMIT.toMillis());
    return socket;
  }

  /** Sessions stay, checks go on, and what failed is tried again, forward and back. */
  @Test
  void aClockThatJumpsChangesNothing() throws IOException {
    setClock("+0");
    int second = Server.freePort();
    try (Server first = Server.echo();
        Run run = start(first, second)) {
      Await.until(() -> status().contains(" 1/2 "), run::log);
      try (Socket old = connect()) {
        assertEchoes(old);
        for (int days : List.of(400, -400)) {
          setClock("%+dd".formatted(days));
          String shifted =
              "\n" + LocalDate.now(ZoneId.systemDefault()).plusDays(days).getYear() + "/";
          Await.until(() -> run.log().contains(shifted), run::log);
          // a member is seen to come and to go by checks of after the jump
          try (Server came = Server.serving(InetAddress.getLoopbackAddress(), second, c -> {})) {
            Await.until(() -> status().contains(" 2/2 "), () -> came.address() + "\n" + run.log());
          }
          Await.until(() -> status().contains(" 1/2 "), run::log);
          assertEchoes(old);
          try (Socket fresh = connect()) {
            assertEchoes(fresh);
          }
        }
        try (Server came = Server.serving(InetAddress.getLoopbackAddress(), late, Socket::close)) {
          Await.until(() -> status().matches("(?s).*\nlate .* [1-9]\\d* .*"), came::address);
        }
        assertEchoes(old);
      }
      Outcome outcome = run.stop("TERM");
      assertTrue(outcome.stderr().contains("ended"), outcome.stderr());
    }
  }
}
