package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that nobody reads holds up neither sessions nor the end of the process. */
class StalledLogTest {
  private static final int CLIENTS = 200;
  private static final Pattern LOST = Pattern.compile("W (\\d+) log lines were lost");

  @TempDir private Path folder;

  @Test
  void servesAllAndEndsWithAFullPipeForItsLog() throws Exception {
    int port = Server.freePort();
    try (Run run = stalled("-d", "-d", "-d", listen(port), "PIPE").start()) {
      awaitListener(port);
      exchange(port, CLIENTS);
      assertEquals(143, run.stop("TERM").status());
    }
  }

  @Test
  void tellsHowManyLinesWereLost() throws Exception {
    int port = Server.freePort();
    try (Run run = stalled("-d", "-d", "-d", "-d", listen(port), "PIPE").start()) {
      awaitListener(port);
      exchange(port, 5 * CLIENTS);
      assertTrue(run.isAlive());
      try (InputStream log = Files.newInputStream(folder.resolve("log"))) {
        StringBuilder text = new StringBuilder();
        byte[] piece = new byte[65_536];
        Matcher lost = LOST.matcher(text);
        while (!lost.find(Math.max(0, text.length() - 2 * piece.length))) {
          int n = log.read(piece);
          assertTrue(n > 0, () -> "the end of the log: " + text);
          text.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
          lost = LOST.matcher(text);
        }
        assertTrue(Long.parseLong(lost.group(1)) > 1, lost.group());
      }
      assertEquals("again", Client.exchange(port, "again"));
    }
  }

  /** Each session waits until its own lines are read, as each child of socat does. */
  @ParameterizedTest
  @ValueSource(strings = {"-D", "-v"})
  void sessionsThatWaitForTheirDumpToBeReadHoldUpNoOthers(String dump) throws Exception {
    int port = Server.freePort();
    try (Run run = stalled("-d", "-d", "-lf", "own", dump, listen(port), "PIPE").start()) {
      Path log = folder.resolve("own");
      Await.until(() -> count(log, "listening on") > 0, () -> "a listener");
      List<Client> clients = new ArrayList<>();
      for (int i = 1; i <= 40; i++) {
        Client client = new Client(port);
        clients.add(client);
        client.send("x".repeat(2000) + "\n");
        int here = i;
        Await.until(() -> count(log, "accepting connection") == here, () -> "client " + here);
      }
      try (InputStream dumps = Files.newInputStream(folder.resolve("log"))) {
        Background.start("reads all", () -> readAll(dumps));
        for (Client client : clients) {
          assertEquals("x".repeat(2000) + "\n", client.readLine());
          client.close();
        }
      }
      assertEquals(143, run.stop("TERM").status());
    }
  }

  private static long count(Path log, String text) throws IOException {
    if (!Files.exists(log)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(text)).count();
    }
  }

  private static void readAll(InputStream dumps) {
    try {
      dumps.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      return; // closed at the end of the test
    }
  }

  @Test
  void losesNoLineBeforeTheEnd() throws Exception {
    String[] words = {"-d", "-d", "-d", "-d", "-", "PIPE"};
    Outcome outcome = Tool.OURS.command(words).input("x".repeat(1_000_000)).run();
    List<String> log = List.of(outcome.stderr().split("\n"));
    assertTrue(log.get(log.size() - 1).endsWith(" N exiting with status 0"), outcome::stderr);
    assertTrue(log.stream().noneMatch(line -> line.contains("lost")), outcome::stderr);
  }

  @Test
  void findsTheSystemLogAgainAfterItsDaemonWasStartedAnew() throws Exception {
    Path device = Path.of("/dev/log");
    assumeFalse(Files.exists(device) || !Files.isWritable(Path.of("/dev")), "/dev/log is taken");
    int port = Server.freePort();
    try (Run run = Tool.OURS.command("-d", "-d", "-ly", listen(port), "PIPE").start()) {
      try (Run sink = systemLog()) {
        Await.until(() -> Files.exists(device), () -> "/dev/log");
        awaitListener(port);
        sink.awaitOutput("accepting connection");
      } finally {
        Files.deleteIfExists(device);
      }
      assertEquals("nobody", Client.exchange(port, "nobody"));
      try (Run sink = systemLog()) {
        Await.until(() -> Files.exists(device), () -> "/dev/log");
        assertEquals("again", Client.exchange(port, "again"));
        sink.awaitOutput("log lines? w(as|ere) lost");
        sink.awaitOutput("accepting connection");
      } finally {
        Files.deleteIfExists(device);
      }
      assertEquals(143, run.stop("TERM").status());
    }
  }

  private static Run systemLog() {
    return Tool.OURS.command("-u", "UNIX-RECV:/dev/log,unlink-early", "-").start();
  }

  private static String listen(int port) {
    return "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
  }

  /** Its log is a named pipe of one page that is open for reading and never read. */
  private Command stalled(String... words) throws IOException {
    return Tool.OURS
        .command(words)
        .in(folder)
        .after("mkfifo log; exec 3<>log; head -c 65000 /dev/zero >&3; exec 2>&3");
  }

  private static void exchange(int port, int clients) throws IOException {
    for (int i = 0; i < clients; i++) {
      assertEquals("client " + i, Client.exchange(port, "client " + i));
    }
  }

  private static void awaitListener(int port) {
    Await.until(
        () -> {
          try {
            return Client.exchange(port, "probe").equals("probe");
          } catch (java.net.ConnectException e) {
            return false;
          }
        },
        () -> "a listener");
  }
}
