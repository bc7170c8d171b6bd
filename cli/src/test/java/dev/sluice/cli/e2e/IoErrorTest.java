package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reads and writes that fail: what is reported, what ends, and which bytes were on their way. */
class IoErrorTest {
  private static final Pattern LOST =
      Pattern.compile("I (\\d+) bytes read from socket 1 were not written");
  private static final Pattern WRITTEN =
      Pattern.compile("left to right: +\\d+ packets\\(s\\), +(\\d+) byte\\(s\\)");

  @Test
  void aFailedWriteEndsTheRun() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "-u", "-", "OPEN:/dev/full").input("abcd").run())
        .same();
  }

  @Test
  void aClosedPipeEndsTheRun() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-u", "-", "STDOUT")
                    .input("abcd")
                    .after("exec > >(exec 0<&-); wait $!")
                    .run())
        .same();
  }

  @Test
  void coolWriteMakesAClosedPipeANotice() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-d", "-d", "-u", "-", "STDOUT,cool-write")
                        .input("abcd")
                        .after("exec > >(exec 0<&-); wait $!")
                        .run())
            .same();
    assertEquals(0, outcome.status());
  }

  @Test
  void coolWriteLetsTheOtherDirectionGoOn() {
    SideBySide.play(
            (tool, folder) -> {
              CountDownLatch shut = new CountDownLatch(1);
              try (Server server =
                      Server.serving(
                          c -> {
                            c.getOutputStream().write("hello\n".getBytes(US_ASCII));
                            c.getInputStream().readAllBytes();
                            shut.countDown();
                          });
                  Run run =
                      tool.command(
                              "-d", "-d", "-t", "20", server.address(), "STDIN!!STDOUT,cool-write")
                          .openInput()
                          .after("exec > >(exec 0<&-); wait $!")
                          .start()) {
                run.awaitLog("socket 1 to socket 2 is in error");
                run.endInput();
                Outcome outcome = run.await();
                shut.await();
                return outcome;
              }
            })
        .same();
  }

  @Test
  void coolWriteDoesNotCoverReads() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.serving(IoErrorTest::resetAfterFirstByte);
                  Run run =
                      tool.command("-d", "-d", "-", server.address() + ",cool-write")
                          .openInput()
                          .start()) {
                run.send("x");
                return run.await();
              }
            })
        .same();
  }

  @Test
  void sloppyTakesAFailedReadForAnEnd() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.serving(IoErrorTest::resetAfterFirstByte);
                  Run run =
                      tool.command("-d", "-d", "-s", "-t", "0.3", "-", server.address())
                          .openInput()
                          .start()) {
                run.send("x");
                return run.await();
              }
            })
        .same();
  }

  @Test
  void sloppyDropsEveryBlockThatCannotBeWritten() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-d", "-d", "-s", "-t", "20", "-", "PIPE!!OPEN:/dev/full")
                      .openInput()
                      .start()) {
                run.send("one");
                run.awaitLog("is in error");
                run.send("two");
                run.awaitLog("is in error", 2);
                run.endInput();
                return run.stop("TERM");
              }
            })
        .onlyLines("[EW] |is in error")
        .same();
  }

  @Test
  void sloppyUnidirectionalEndsAtTheFirstFailedWrite() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "-s", "-b", "2", "-u", "-", "OPEN:/dev/full")
                    .input("abcd")
                    .run())
        .same();
  }

  @Test
  void aProgramThatLeavesItsInputUnreadIsAnError() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-t", "9", "-", "EXEC:'sleep 0.3'").input("unread").run())
            .onlyLines("^E ")
            .same();
    assertEquals(1, outcome.status());
  }

  // --- loss: a byte read from one side is written to the other or reported
  // --------------------------------------------------------------------------------------------------------------------

  @Test
  void aSlowReaderGetsEveryByte() {
    int size = 3_000_000;
    SideBySide.play(
            (tool, folder) -> {
              CountDownLatch full = new CountDownLatch(1);
              try (Server server =
                      Server.serving(
                          c -> {
                            byte[] block = new byte[65536];
                            c.setReceiveBufferSize(4096);
                            int sent = 0;
                            for (; sent < size; sent += block.length) {
                              java.util.Arrays.fill(block, (byte) (sent / block.length));
                              c.getOutputStream().write(block);
                            }
                          });
                  Run run =
                      tool.command("-u", server.address(), "SYSTEM:'read x <go; wc -c'")
                          .in(folder)
                          .after("mkfifo go")
                          .start()) {
                // the program reads nothing until it is told to, with megabytes before it
                Await.until(() -> Files.exists(folder.resolve("go")), () -> "the fifo");
                Files.writeString(folder.resolve("go"), "go\n");
                full.countDown();
                return run.await();
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void aResetInTheMiddleLosesNothingThatWasRead() {
    for (String options : new String[] {"", "-v"}) {
      Outcome outcome =
          SideBySide.play(
                  (tool, folder) -> {
                    CountDownLatch arrived = new CountDownLatch(1);
                    try (Server server =
                            Server.serving(
                                c -> {
                                  c.getOutputStream().write(new byte[150_000]);
                                  await(arrived);
                                  c.setSoLinger(true, 0);
                                });
                        Run run =
                            tool.command(
                                    options.isEmpty() ? "-d" : options,
                                    "-u",
                                    server.address(),
                                    "OPEN:out,creat")
                                .in(folder)
                                .start()) {
                      Path out = folder.resolve("out");
                      Await.until(
                          () -> Files.exists(out) && Files.size(out) == 150_000, () -> "the data");
                      arrived.countDown();
                      Outcome end = run.await();
                      return new Outcome(
                          end.status(), "", end.stderr(), "written " + Files.size(out));
                    }
                  })
              .onlyLines("^E ")
              .same();
      assertEquals(1, outcome.status());
    }
  }

  @Test
  void aFullDeviceReportsWhatWasRead() {
    Outcome outcome =
        Tool.OURS
            .command("-d", "-d", "-d", "--statistics", "-u", "-", "OPEN:/dev/full")
            .input("x".repeat(1000))
            .run();
    assertEquals(1, outcome.status());
    assertEquals(0, number(WRITTEN, outcome.stderr()));
    assertEquals(1000, number(LOST, outcome.stderr()));
  }

  @Test
  void aFullDiskKeepsWhatFittedAndReportsTheRest() {
    for (String plan : new String[] {"-d", "-v"}) {
      Outcome outcome =
          SideBySide.play(
                  (tool, folder) -> {
                    Path disk = Files.createDirectory(folder.resolve("disk"));
                    assumeTrue(
                        mount("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.toString()),
                        "no right to mount");
                    try {
                      Outcome end =
                          tool.command(
                                  plan,
                                  "-d",
                                  "-d",
                                  "-d",
                                  "--statistics",
                                  "-u",
                                  "-",
                                  "OPEN:disk/f,creat")
                              .in(folder)
                              .input("y".repeat(100_000))
                              .run();
                      long size = Files.size(disk.resolve("f"));
                      if (tool.isOurs()) {
                        assertEquals(size, number(WRITTEN, end.stderr()), end.stderr());
                        assertTrue(number(LOST, end.stderr()) > 0, end.stderr());
                      }
                      return new Outcome(end.status(), "", end.stderr(), "on disk " + size);
                    } finally {
                      mount("umount", disk.toString());
                    }
                  })
              .onlyLines("^E w")
              .same();
      assertEquals("on disk 65536", outcome.observed());
    }
  }

  @Test
  void aClosedPipeReportsWhatDidNotGoThrough() {
    for (String plan : new String[] {"-d", "-v"}) {
      Outcome outcome =
          Tool.OURS
              .command(plan, "-d", "-d", "-d", "--statistics", "-u", "-", "STDOUT")
              .input("z".repeat(300_000))
              .after("exec > >(exec head -c 1000 >&2)")
              .run();
      assertEquals(1, outcome.status());
      long written = number(WRITTEN, outcome.stderr());
      long lost = number(LOST, outcome.stderr());
      assertTrue(written >= 1000 && lost > 0 && written + lost <= 300_000, outcome.stderr());
    }
  }

  @Test
  void aReaderThatGoesAwayHasGotAPrefix() {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<Integer> read = new CompletableFuture<>();
              try (Server server =
                      Server.serving(
                          c -> {
                            read.complete(c.getInputStream().readNBytes(200_000).length);
                            c.setSoLinger(true, 0);
                          });
                  Run run = tool.command("-u", "OPEN:/dev/zero", server.address()).start()) {
                Outcome end = run.await();
                return new Outcome(
                    end.status(),
                    "",
                    end.stderr().replaceAll("Broken pipe|Connection reset by peer", "GONE"),
                    "read " + Await.result(read));
              }
            })
        .ignoringLog()
        .same();
  }

  private static void resetAfterFirstByte(java.net.Socket connection) throws java.io.IOException {
    connection.getInputStream().read();
    connection.setSoLinger(true, 0);
  }

  private static boolean mount(String... words) throws Exception {
    return new ProcessBuilder(words).start().waitFor() == 0;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertTrue(matcher.find(), () -> pattern + " in\n" + text);
    return Long.parseLong(matcher.group(1));
  }
}
