package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** End of data that is put off, brought forward or made up: ignoreeof, readbytes, escape. */
class EndOfDataTest {

  @Test
  void aFollowedFileThatWasCutGoesOnBeyondWhereReadingStood() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  Path f = folder.resolve("f");
                  Files.writeString(f, "first\n");
                  try (Run run = tool.command("-u", "OPEN:f,ignoreeof", "-").in(folder).start()) {
                    run.awaitOutput("first\n");
                    Files.writeString(f, "short", StandardOpenOption.TRUNCATE_EXISTING);
                    Files.writeString(f, "-and-then-more\n", StandardOpenOption.APPEND);
                    run.awaitOutput("more\n");
                    return run.stop("TERM");
                  }
                })
            .same();
    assertEquals("first\nand-then-more\n", outcome.stdout());
  }

  @Test
  void anIgnoredEndShutsNothingDownAndCountsOnceTheOtherSideHasEnded() {
    SideBySide.play(
            (tool, folder) -> {
              CountDownLatch later = new CountDownLatch(1);
              try (Server server =
                      Server.serving(
                          c -> {
                            c.setSoTimeout(900); // longer than -t
                            String seen = "nothing";
                            try {
                              seen = c.getInputStream().read() < 0 ? "end" : "data";
                            } catch (java.net.SocketTimeoutException e) {
                              later.countDown();
                            }
                            c.getOutputStream().write(("saw " + seen).getBytes(US_ASCII));
                          });
                  Run run =
                      tool.command("-d", "-d", "-t", "5", "-,ignoreeof", server.address())
                          .start()) {
                run.awaitOutput("saw nothing");
                assertEquals(0, later.getCount());
                return run.await();
              }
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void ignoreeofOfTheWrittenSideIsOfNoUse() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.echo()) {
                return tool.command("-d", "-d", "-,ignoreeof=0", server.address() + ",shut-down")
                    .input("x")
                    .run();
              }
            })
        .same();
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "-u", "-", "STDOUT,ignoreeof").input("x").run())
        .same();
  }

  @Test
  void anEscapeByteEndsTheInputInSpiteOfIgnoreeof() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  try (Run run =
                      tool.command("-d", "-d", "-,ignoreeof,escape=0x1d", "PIPE")
                          .openInput()
                          .start()) {
                    run.send("before");
                    run.awaitOutput("before");
                    run.send("more\035after");
                    return run.await();
                  }
                })
            .same();
    assertEquals("beforemore", outcome.stdout());
  }

  @Test
  void theEndThatReadbytesMakesIsIgnoredLikeAnyOther() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  try (Run run =
                      tool.command("-d", "-d", "-T", "2", "-u", "-,readbytes=3,ignoreeof", "STDOUT")
                          .openInput()
                          .start()) {
                    run.send("abcdef");
                    run.awaitOutput("abc");
                    long start = System.nanoTime();
                    Outcome end = run.await();
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                    assertEquals(true, seconds >= 1, "ended by -T, not by readbytes");
                    return end;
                  }
                })
            .same();
    assertEquals("abc", outcome.stdout());
  }

  /** The shell's next program reads on where the relay stopped. */
  @ParameterizedTest
  @CsvSource({"1,5", "2,5", "4,5", "5,5", "6,5", "8192,5", "3,0", "8192,10", "8192,11"})
  void readbytesLeavesTheSurplusUnread(int blockSize, int limit) {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("f"), "0123456789");
              return tool.command("-u", "-", "STDOUT")
                  .in(folder)
                  .after("exec <f")
                  .after("\"$0\" -b " + blockSize + " -u -,readbytes=" + limit + " STDOUT")
                  .after("echo ' left:'")
                  .run();
            })
        .same();
  }

  @Test
  void readbytesOfASocketLetsTheAnswerThrough() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server =
                  Server.answeringAfterEof(
                      q -> ("got " + new String(q, US_ASCII)).getBytes(US_ASCII))) {
                return tool.command("-d", "-d", "-,bytes=4", server.address())
                    .input("four and more")
                    .run();
              }
            })
        .same();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8192})
  void escapeCutsAtAnyPlaceInABlock(int blockSize) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-b", "" + blockSize, "-d", "-d", "-,escape=35", "PIPE")
                        .input("abc#def#ghi")
                        .run())
            .same();
    assertEquals("abc", outcome.stdout());
  }

  @Test
  void escapeWithoutAValueIsTheFirstControlCharacter() {
    SideBySide.play((tool, folder) -> tool.command("-,escape", "PIPE").input("abc\001def").run())
        .same();
  }

  @Test
  void escapeAsTheFirstByteIsAnEndWithoutData() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-v", "-d", "-d", "-,escape=97", "PIPE").input("abc").run())
        .same();
  }

  @Test
  void aBlockIsCutThenConvertedThenKeptThenShownThenWritten() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("-v", "-r", "raw", "-u", "-,escape=35", "STDOUT,crnl")
                      .in(folder)
                      .input("a\nb#c\n")
                      .run();
              return outcome.observing(Files.readString(folder.resolve("raw")));
            })
        .same();
  }

  @Test
  void escapeEndsTheRightSideToo() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.holdingOpen()) {
                return tool.command(
                        "-t0.3",
                        "-d",
                        "-d",
                        server.address() + "!!STDOUT",
                        "SYSTEM:'printf xyz#more; sleep 3',escape=35")
                    .run();
              }
            })
        .onlyLines("socket \\d|exiting with|^E ")
        .same();
  }

  /** The peer has sent more than the limit, and stays: only the limit ends the data. */
  @ParameterizedTest
  @CsvSource({
    "'UNIX-LISTEN:s', 'UNIX-CONNECT:s', listening on",
    "'PTY,link=s,raw,echo=0', 'OPEN:s,raw,echo=0', starting data transfer",
    "'OPENSSL-LISTEN:PORT,bind=127.0.0.1,cert=k.crt,key=k.key,verify=0',"
        + " 'OPENSSL:localhost:PORT,pf=ip4,verify=0', listening on",
  })
  void readbytesEndsTheDataAtOnce(String serve, String read, String ready, @TempDir Path folder)
      throws Exception {
    if (serve.contains("cert=")) {
      new TlsKeys(folder).selfSigned("k", "rsa:2048");
    }
    String port = Integer.toString(Server.freePort());
    try (Run server =
        Tool.OURS.command("-dd", serve.replace("PORT", port), "-").in(folder).openInput().start()) {
      server.awaitLog(ready);
      server.send("helloworld");
      Outcome outcome =
          Tool.OURS
              .command("-u", read.replace("PORT", port) + ",readbytes=5", "-")
              .in(folder)
              .run();
      assertEquals(new Outcome(0, "hello", ""), outcome);
    }
  }

  @Test
  void readbytesEndsWithTheDatagramThatReachesIt() {
    int port = Server.freePort();
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  String address = "UDP4-RECV:" + port + ",bind=127.0.0.1,readbytes=8";
                  try (Run run = tool.command("-dd", "-u", address, "-").start();
                      DatagramSocket peer = new DatagramSocket()) {
                    run.awaitLog("starting data transfer");
                    for (String piece : List.of("one ", "two ")) {
                      peer.send(
                          new DatagramPacket(
                              piece.getBytes(US_ASCII),
                              piece.length(),
                              InetAddress.getLoopbackAddress(),
                              port));
                    }
                    return run.await();
                  }
                })
            .ignoringLog()
            .same();
    assertEquals("one two ", outcome.stdout());
  }
}
