package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command lines of the manual, by their numbers in the list that this project was given: what
 * its user would look at. Those that need networks are in {@link ManualNetworkExamplesTest}, those
 * with programs of others in {@link ManualPeerExamplesTest}.
 */
class ManualExamplesTest {
  @TempDir private Path folder;

  private static Command sluice(String... arguments) {
    return Tool.OURS.command(arguments);
  }

  private static void assumeRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }

  @Test
  void n03ForwardsOneConnection() throws IOException {
    int port = Server.freePort();
    try (Server target = Server.echo();
        Run run = sluice("-dd", "TCP4-LISTEN:" + port, "TCP4:127.0.0.1:" + target.port()).start()) {
      run.awaitLog("listening on");
      assertEquals("hello", Client.exchange(port, "hello"));
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void n04GivesEachChildItsRights() throws IOException {
    assumeRoot();
    int port = Server.freePort();
    try (Run run =
        sluice("-dd", "TCP4-LISTEN:" + port + ",bind=127.0.0.1,fork,su=nobody", "SYSTEM:id -un")
            .start()) {
      run.awaitLog("listening on");
      assertEquals("nobody\n", Client.exchange(port, ""));
      assertEquals("nobody\n", Client.exchange(port, ""));
    }
  }

  @Test
  void n09FollowsAGrowingFile() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "old\n");
    try (Run run = sluice("-dd", "-u", file + ",seek-end=0,ignoreeof", "-").start()) {
      run.awaitLog("starting data transfer");
      Files.writeString(file, "new\n", java.nio.file.StandardOpenOption.APPEND);
      assertEquals("new\n", run.awaitOutput("(?s)^.*new\n").group());
    }
  }

  @Test
  void n11LosesNothingOfParallelWriters() throws Exception {
    int port = Server.freePort();
    Path file = folder.resolve("all");
    int size = 40_000;
    try (Run run =
        sluice(
                "-dd",
                "-u",
                "TCP4-LISTEN:" + port + ",reuseaddr,fork,backlog=50",
                "OPEN:" + file + ",creat,append")
            .start()) {
      run.awaitLog("listening on");
      List<CompletableFuture<byte[]>> writers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        byte[] mine = new byte[size];
        Arrays.fill(mine, (byte) ('a' + i));
        writers.add(Background.call("writer " + i, () -> Client.exchange(port, mine)));
      }
      for (CompletableFuture<byte[]> writer : writers) {
        Await.result(writer);
      }
      Await.until(() -> Files.size(file) == 20L * size, () -> "size " + file.toFile().length());
      byte[] all = Files.readAllBytes(file);
      for (int i = 0; i < 20; i++) {
        int letter = 'a' + i;
        assertEquals(size, IntStream.range(0, all.length).filter(at -> all[at] == letter).count());
      }
    }
  }

  @Test
  void n16MakesASparseFile() throws IOException {
    Path file = folder.resolve("sparse");
    Outcome outcome =
        sluice("-u", "-", "file:" + file + ",create,largefile,seek=100000000000").input("\n").run();
    assumeTrue(!outcome.stderr().contains("File too large"), "no such files here");
    assertEquals(0, outcome.status(), outcome.stderr());
    assertEquals(100_000_000_001L, Files.size(file));
  }

  @Test
  void n17DescribesTheSocketOfEachClient() throws IOException {
    int port = Server.freePort();
    try (Run run =
        sluice(
                "-dd",
                "tcp-l:" + port + ",reuseaddr,fork",
                "system:'" + Tool.ROOT.resolve("bin/filan") + " -i 0 -s >&2',nofork")
            .start()) {
      run.awaitLog("listening on");
      for (int i = 1; i <= 2; i++) {
        Client.exchange(port, "");
        run.awaitLog("tcp [^\\n]*127\\.0\\.0\\.1:" + port, i);
      }
    }
  }

  @Test
  void n18PatchesAFileInPlace() throws IOException {
    Path file = Files.write(folder.resolve("rom"), new byte[0x00074420 + 100]);
    Outcome outcome =
        sluice("-u", "-", "file:" + file + ",seek=0x00074420")
            .input(new byte[] {0, 014, 0, 0})
            .run();
    assertEquals(0, outcome.status(), outcome.stderr());
    byte[] patched = Files.readAllBytes(file);
    assertEquals(0x00074420 + 100, patched.length);
    assertArrayEquals(
        new byte[] {0, 014, 0, 0}, Arrays.copyOfRange(patched, 0x00074420, 0x00074424));
  }

  @Test
  void n19ReadsAThousandBytes() {
    try (Server server = Server.serving(c -> c.getOutputStream().write(new byte[5000]))) {
      Outcome outcome = sluice("-", "tcp:127.0.0.1:" + server.port() + ",readbytes=1000").run();
      assertEquals(1000, outcome.stdout().length());
    }
  }

  @Test
  void n20LetsSeveralWriteIntoOneConnectionThatStaysOpen() throws Exception {
    int port = Server.freePort();
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    try (Server server =
            Server.serving(
                c -> {
                  c.getInputStream().transferTo(seen);
                  seen.write('.');
                });
        Run run =
            sluice(
                    "-dd",
                    "-U",
                    "TCP:127.0.0.1:" + server.port() + ",end-close",
                    "TCP-L:" + port + ",reuseaddr,fork")
                .start()) {
      run.awaitLog("listening on");
      for (String word : new String[] {"one ", "two ", "three "}) {
        Client.exchange(port, word);
        Await.until(() -> seen.toString(US_ASCII).contains(word), () -> "seen " + seen);
      }
      assertEquals("one two three ", seen.toString(US_ASCII));
    }
  }

  @Test
  void n28TellsAProgramAllAboutAPacket() throws Exception {
    int port = Server.freePort();
    try (Run run =
        sluice(
                "-d",
                "-d",
                "UDP4-RECVFROM:"
                    + port
                    + ",so-broadcast,so-timestamp,ip-pktinfo,ip-recverr,ip-recvopts,ip-recvtos,ip-recvttl!!-",
                "SYSTEM:'export; sleep 1'")
            .start()) {
      run.awaitLog("receiving on");
      sluice("-u", "-", "UDP4:127.0.0.1:" + port + ",tos=16,ttl=77").input("x").run();
      String variables = run.await().stdout();
      for (String line :
          new String[] {
            "SOCAT_PEERADDR=.127\\.0\\.0\\.1",
            "SOCAT_PEERPORT=.\\d+",
            "SOCAT_IP_IF=.lo",
            "SOCAT_IP_DSTADDR=.127\\.0\\.0\\.1",
            "SOCAT_IP_LOCADDR=.127\\.0\\.0\\.1",
            "SOCAT_IP_TOS=.16",
            "SOCAT_IP_TTL=.77",
            "SOCAT_TIMESTAMP=.\\w+"
          }) {
        assertTrue(
            java.util.regex.Pattern.compile(line).matcher(variables).find(),
            line + "\n" + variables);
      }
    }
  }
}
