package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice fleet run}: files, signals, and what log lines say. */
@Timeout(180)
class FleetRunTest {
  @TempDir Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("fleet.conf"), "sluice.relays {\n" + text + "}\n");
  }

  private static String relay(String name, int port, Server server) {
    return name
        + " { left = \"TCP-LISTEN:"
        + port
        + ",bind=127.0.0.1,reuseaddr,fork\", right = \""
        + server.address()
        + "\", drain = 300ms }\n";
  }

  private Command run(Path file) {
    String socket = folder.resolve("s").toString();
    return Tool.SLUICE.command("fleet", "run", "--socket", socket, file.toString());
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Await.LIMIT.toMillis());
    return socket;
  }

  private static void echoes(Socket socket) throws IOException {
    socket.getOutputStream().write('x');
    assertEquals('x', socket.getInputStream().read());
  }

  private static boolean isListening(int port) {
    try (Socket socket = connect(port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void awaitListening(int port, Run run) {
    Await.until(() -> isListening(port), run::log);
  }

  /** Verbs are served before the relays begin, so the signal comes while they do. */
  @Test
  void aSignalWhileRelaysBeginEndsTheFleetInOrder() throws IOException {
    StringBuilder relays = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      relays.append("r" + i + " { left = \"TCP-LISTEN:0,bind=127.0.0.1,fork\", right = PIPE }\n");
    }
    try (Run run = run(write(relays.toString())).start()) {
      Await.until(() -> Files.exists(folder.resolve("s")), run::log);
      Outcome outcome = run.stop("TERM");
      assertEquals(0, outcome.status(), outcome.stderr());
      assertTrue(outcome.stderr().contains(": ended"), outcome.stderr());
      assertFalse(outcome.stderr().contains("Exception"), outcome.stderr());
    }
  }

  @Test
  void hangUpAppliesTheFileAndSessionsOfOthersGoOn() throws IOException {
    int one = Server.freePort();
    int two = Server.freePort();
    int three = Server.freePort();
    try (Server server = Server.echo()) {
      Path file = write(relay("a", one, server) + relay("b", two, server));
      try (Run run = run(file).start()) {
        awaitListening(one, run);
        awaitListening(two, run);
        try (Socket session = connect(one)) {
          echoes(session);
          write(relay("a", one, server) + relay("c", three, server));
          run.signal("HUP");
          run.awaitLog("fleet " + file + ": applied \\+1 -1 =1");
          awaitListening(three, run);
          Await.until(() -> !isListening(two), run::log);
          echoes(session);

          write("a { left = \"TCP-LISTEN:1,frok\", right = \"PIPE\" }\n");
          run.signal("HUP");
          run.awaitLog(file + ":2: relay a: left \"TCP-LISTEN:1,frok\".*hint: did you mean");
          run.awaitLog("nothing was changed");
          echoes(session);
          assertTrue(isListening(three));
        }
        Outcome outcome = run.stop("TERM");
        assertEquals(0, outcome.status(), outcome.stderr());
        assertTrue(outcome.stderr().contains(": ended"), outcome.stderr());
      }
    }
  }

  @Test
  void theSecondSignalEndsSessionsThatTheFirstLetGoOn() throws IOException {
    int port = Server.freePort();
    try (Server server = Server.echo()) {
      Path file = write(relay("a", port, server).replace("300ms", "1h"));
      try (Run run = run(file).start()) {
        awaitListening(port, run);
        try (Socket session = connect(port)) {
          echoes(session);
          run.signal("TERM");
          run.awaitLog("takes no more sessions");
          Await.until(() -> !isListening(port), run::log);
          echoes(session);
          assertTrue(run.isAlive());
          Outcome outcome = run.stop("TERM");
          assertEquals(0, outcome.status(), outcome.stderr());
          assertEquals(-1, session.getInputStream().read());
        }
      }
    }
  }

  @Test
  void linesNameTheirRelayAndHideSecrets() throws IOException {
    int port = Server.freePort();
    int nobody = Server.freePort();
    Path file =
        Files.writeString(
            folder.resolve("fleet.conf"),
            "sluice { secrets.host { env = HOST_NAME }\n relays.web { left = \"TCP-LISTEN:"
                + port
                + ",bind=127.0.0.1,fork\", right = \"TCP:{secret:host}:"
                + nobody
                + "\" } }");
    try (Run run =
        Tool.SLUICE
            .command(
                "fleet", "run", "-d", "--socket", folder.resolve("s").toString(), file.toString())
            .env("HOST_NAME", "127.0.0.1")
            .start()) {
      awaitListening(port, run);
      String line = run.awaitLog("web: .*Connection refused.*").group();
      assertTrue(line.contains("{secret:host}") && !line.contains("127.0.0.1"), line);
      run.signal("TERM");
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void aFileWithAProblemStartsNothing() throws IOException {
    Path file = write("a { left = \"PIPE\" }\n");
    Outcome outcome = Tool.SLUICE.command("fleet", "run", file.toString()).run();
    assertEquals(1, outcome.status());
    assertEquals(file + ":2: relay a: has no right\n", outcome.stderr());
  }
}
