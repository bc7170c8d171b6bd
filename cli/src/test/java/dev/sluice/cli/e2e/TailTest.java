package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that grow, and files that are changed for new ones. */
class TailTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("app.log");
  }

  private void append(String text) throws IOException {
    Files.writeString(
        file(),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.WRITE);
  }

  private Run follow(String options) {
    return Tool.OURS.command("-d", "-d", "-u", "FILE-TAIL:" + file() + options, "-").start();
  }

  @Test
  void followsAcrossRenameCutAndNewBeginning() throws IOException {
    append("one\n");
    try (Run run = follow(",from=start")) {
      run.awaitOutput("^one\n$");
      append("two\n");
      run.awaitOutput("^one\ntwo\n$");
      Files.move(file(), folder.resolve("app.log.1"));
      Files.writeString(
          folder.resolve("app.log.1"),
          "late\n",
          StandardOpenOption.APPEND,
          StandardOpenOption.WRITE);
      append("three\n");
      run.awaitOutput("^one\ntwo\nlate\nthree\n$");
      Files.writeString(file(), ""); // copy-truncate
      run.awaitLog("was cut off");
      append("four\n");
      run.awaitOutput("three\nfour\n$");
      Files.delete(file());
      append("five\n");
      run.awaitOutput("four\nfive\n$");
    }
  }

  @Test
  void beginsWithTheLastLinesAndWaitsForAFileThatIsNotThere() throws IOException {
    try (Run run = follow("")) {
      run.awaitLog("is not there yet");
      append("first\n");
      run.awaitOutput("^first\n$");
    }
    append("a\nb\nc\n");
    try (Run run = follow(",from=2")) {
      run.awaitOutput("^b\nc\n$");
    }
  }

  @Test
  void linesAreDatagrams() throws IOException {
    append("one\ntwo\nhal");
    try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Run run =
            Tool.OURS
                .command(
                    "-u",
                    "FILE-TAIL:" + file() + ",from=start,lines",
                    "UDP:127.0.0.1:" + udp.getLocalPort())
                .start()) {
      udp.setSoTimeout((int) Await.LIMIT.toMillis());
      assertEquals("one", receive(udp));
      assertEquals("two", receive(udp));
      append("f\n");
      assertEquals("half", receive(udp));
      assertTrue(run.isAlive());
    }
  }

  private static String receive(DatagramSocket udp) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    udp.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void filesAreCutBetweenLines() throws IOException {
    Outcome outcome =
        Tool.OURS
            .command("-u", "-", "FILE-ROTATE:" + folder.resolve("out-%n.txt") + ",size=10,lines")
            .input("one\ntwo\nthree\nfour\n")
            .run();
    assertEquals(0, outcome.status(), outcome.stderr());
    assertEquals("one\ntwo\n", Files.readString(folder.resolve("out-1.txt")));
    assertEquals("three\n", Files.readString(folder.resolve("out-2.txt")));
    assertEquals("four\n", Files.readString(folder.resolve("out-3.txt")));
  }

  @Test
  void theRecipeWorks() throws IOException {
    append("one\ntwo\n");
    ConnectorRecipe.of("Files").type(0, folder);
    assertEquals("one\n", Files.readString(folder.resolve("copy-1.log")));
    assertEquals("two\n", Files.readString(folder.resolve("copy-2.log")));
  }
}
