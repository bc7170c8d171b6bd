package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet as a service of systemd: what it tells, and the sockets that it is given. */
@Timeout(240)
class FleetServiceTest {
  @TempDir Path folder;

  private final int port = Server.freePort();

  private Path write(String left, String right) throws IOException {
    return Files.writeString(
        folder.resolve("fleet.conf"),
        "sluice.relays.web { left = \"" + left + "\", right = \"" + right + "\", drain = 1h }\n");
  }

  private static boolean echoes(int at) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at)) {
      socket.setSoTimeout((int) Await.LIMIT.toMillis());
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() == 'x';
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void systemdIsToldOfTheStartOfReloadsOfLifeAndOfTheEnd() throws IOException {
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork";
    Path notify = folder.resolve("notify");
    try (Run manager = Tool.SLUICE.command("-u", "UNIX-RECV:" + notify, "-").start()) {
      Await.until(() -> Files.exists(notify), manager::log);
      Path file = write(listen, "PIPE");
      try (Run run =
          Tool.SLUICE
              .command("fleet", "run", "--socket", folder.resolve("s").toString(), file.toString())
              .env("NOTIFY_SOCKET", notify.toString())
              .env("WATCHDOG_USEC", "1500000")
              .start()) {
        manager.awaitOutput("READY=1STATUS=1 relays, 1 up, 0 sessions");
        assertTrue(echoes(port));
        manager.awaitOutput("WATCHDOG=1.*WATCHDOG=1");
        write(listen, "TCP:127.0.0.1:" + Server.freePort());
        run.signal("HUP");
        manager.awaitOutput("(?s)RELOADING=1\nMONOTONIC_USEC=\\d+.*READY=1");
        assertFalse(echoes(port));
        manager.awaitOutput("1 failing \\(web: .*Connection refused");
        assertEquals(0, run.stop("TERM").status());
        manager.awaitOutput("STOPPING=1");
      }
    }
  }

  @Test
  void linesForTheJournalHaveFields() throws IOException {
    assumeTrue(System.getProperty("user.name", "").equals("root"), "only root can mount");
    write("TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork", "TCP:127.0.0.1:1");
    String script =
        """
        mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal || exit 1
        %1$s -u UNIX-RECV:/run/systemd/journal/socket OPEN:journal,creat,append &
        while [ ! -S /run/systemd/journal/socket ]; do sleep 0.05; done
        export JOURNAL_STREAM=$(stat -L -c %%d:%%i /dev/fd/2)
        %1$s fleet run --socket s fleet.conf
        kill $!
        """
            .formatted(Tool.ROOT.resolve("bin/sluice"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder("unshare", "-m", "sh", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Await.until(
          () -> {
            assertFalse(echoes(port));
            return TlsKeys.read(folder.resolve("journal"))
                .matches(
                    "(?s).*MESSAGE=E web: [^\n]*Connection refused[^\n]*\n"
                        + "PRIORITY=3\nSYSLOG_IDENTIFIER=sluice\nRELAY=web\nSESSION=\\d+\n.*");
          },
          () -> TlsKeys.read(log));
      assertTrue(TlsKeys.read(folder.resolve("journal")).contains("MESSAGE=N fleet fleet.conf: "));
      assertFalse(TlsKeys.read(log).contains("web"), TlsKeys.read(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void aSocketOfSystemdIsNamedInAnAddress() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/bin/systemd-socket-activate")), "no systemd here");
    Path file = write("ACCEPT-FD:{socket:web},fork", "PIPE");
    List<String> words =
        List.of(
            "systemd-socket-activate",
            "-l",
            "127.0.0.1:" + port,
            "--fdname=web",
            Tool.ROOT.resolve("bin/sluice").toString(),
            "fleet",
            "run",
            "--socket",
            folder.resolve("s").toString(),
            file.toString());
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      Await.until(() -> echoes(port), () -> "no answer");
      assertTrue(echoes(port));
      String socket = folder.resolve("s").toString();
      for (String[] verb :
          new String[][] {{"stop", "web"}, {"start", "web"}, {"stop", "web"}, {"start", "web"}}) {
        Outcome done = Tool.SLUICE.command("fleet", verb[0], verb[1], "--socket", socket).run();
        assertEquals(0, done.status(), done.stderr());
      }
      Await.until(() -> echoes(port), () -> "no answer after stop and start");
      write("ACCEPT-FD:{socket:web},fork", "EXEC:cat");
      Outcome target = Tool.SLUICE.command("fleet", "apply", "--socket", socket).run();
      assertEquals(0, target.status(), target.stderr());
      assertTrue(echoes(port));
      write("ACCEPT-FD:{socket:web},fork,nodelay", "EXEC:cat");
      Outcome source = Tool.SLUICE.command("fleet", "apply", "--wait", "--socket", socket).run();
      assertTrue(source.stdout().contains("source"), source.stdout() + source.stderr());
      Await.until(() -> echoes(port), () -> "no answer after a change of the source");
    } finally {
      process.destroy();
      process.onExit().join();
    }
    Outcome check = Tool.SLUICE.command("fleet", "check", file.toString()).run();
    assertEquals(0, check.status(), check.stderr());
    Outcome alone = Tool.SLUICE.command("fleet", "run", file.toString()).run();
    assertEquals(1, alone.status());
    assertTrue(alone.stderr().contains("systemd has handed over no socket web"), alone.stderr());
  }
}
