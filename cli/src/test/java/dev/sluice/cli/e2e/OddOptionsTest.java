package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options at the edge of what they mean, as C reads them. */
class OddOptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"accept-timeout=0", "accept-timeout=0.0"})
  void noTimeToAcceptIsAllTheTime(String option) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command(
                          "-d",
                          "-d",
                          "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork," + option,
                          "PIPE")
                      .start()) {
                run.awaitLog("listening on");
                StringBuilder answers = new StringBuilder();
                for (int i = 0; i < 5; i++) { // between two of them nobody is there to accept
                  answers.append(Client.exchange(port, "x"));
                }
                return run.stop("TERM").observing(answers.toString());
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void withoutAPreferenceTheHostDecides() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run =
                  tool.command("-0", "-d", "-d", "TCP-LISTEN:" + port + ",bind=127.0.0.1", "PIPE")
                      .start()) {
                run.awaitLog("listening on AF=2 127.0.0.1");
                return new Outcome(0, Client.exchange(port, "x"), "");
              }
            })
        .same();
  }

  @ParameterizedTest
  @CsvSource({"DGRAM", "SEQPACKET"})
  void aUnixClientWithANameFindsTheTypeOfItsPeer(String type) {
    SideBySide.play(
            (tool, folder) -> {
              String server =
                  "import socket\n"
                      + ("s=socket.socket(socket.AF_UNIX,socket.SOCK_" + type + ")\n")
                      + "s.bind('a')\nprint('up',flush=True)\n"
                      + (type.equals("DGRAM")
                          ? "d,f=s.recvfrom(9)\ns.sendto(b'got '+d,f)\n"
                          : "s.listen()\nc,_=s.accept()\nc.send(b'got '+c.recv(9))\n");
              Process peer =
                  new ProcessBuilder("python3", "-c", server)
                      .directory(folder.toFile())
                      .redirectErrorStream(true)
                      .start();
              assertEquals('u', peer.getInputStream().read());
              try (Run run = tool.command("-", "UNIX:a,bind=b").in(folder).openInput().start()) {
                run.send("x");
                String got = run.awaitOutput("got x").group();
                run.endInput();
                run.await();
                return new Outcome(0, got, "");
              } finally {
                peer.destroyForcibly();
              }
            })
        .same();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "18446744073709551616", "-1"})
  void aBlockThatIsTooBigIsNamed(String size) {
    SideBySide.play((tool, folder) -> tool.command("-b", size, "-", "PIPE").run())
        .onlyLines("^E ")
        .same();
  }

  @Test
  void aGroupHasThreeFieldsAtMost() {
    String address =
        "UDP4-RECV:" + Server.freePort() + ",ip-add-membership=224.1.1.1:127.0.0.1:lo:x";
    Outcome outcome = Tool.OURS.command("-u", address, "-").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("one ':' too many"), outcome.stderr());
  }

  @Test
  void anAbstractNameIsCutWithItsLeadingZero() {
    try (Run run =
        Tool.OURS.command("-d", "-d", "ABSTRACT-LISTEN:" + "a".repeat(108), "PIPE").start()) {
      run.awaitLog("unix socket address 109 characters long, truncating to 108");
      run.awaitLog("listening on AF=1");
    }
  }

  @Test
  void aCoolWriteFailsOnce() {
    Outcome outcome =
        Tool.OURS
            .command("-d", "-d", "-u", "-", "STDOUT,cool-write")
            .after("exec > >(exec true) < <(exec yes 2>/dev/null)")
            .run();
    assertEquals(0, outcome.status());
    assertEquals(2, outcome.stderr().split("Broken pipe", -1).length, outcome.stderr());
  }

  /** The source goes on after the failure, so that bytes are always lost. */
  @Test
  void aSloppyRelayDoesNotFailByAFailedWrite() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-s", "-u", "-", "STDOUT")
                    .after("exec > >(exec true) < <(exec yes 2>/dev/null)")
                    .run())
        .onlyLines("Broken pipe")
        .same();
  }

  @ParameterizedTest
  @CsvSource({"'',''", "',fork',p.terminate()"})
  void aSocketThatWasLentBlocksAgainAtTheEnd(String options, String end) {
    String lend =
        "import os,socket,subprocess,sys\n"
            + "s=socket.socket()\ns.bind(('127.0.0.1',0))\ns.listen()\n"
            + "p=subprocess.Popen([sys.argv[1],'-d','-d','ACCEPT-FD:%d"
            + options
            + "'%s.fileno(),'PIPE'],"
            + "pass_fds=[s.fileno()])\n"
            + "c=socket.create_connection(s.getsockname())\nc.send(b'x')\nc.recv(1)\nc.close()\n"
            + end
            + "\np.wait()\nprint(os.get_blocking(s.fileno()))\n";
    Outcome outcome = Tool.OURS.command().after("exec python3 -c \"" + lend + "\" \"$0\"").run();
    assertEquals("True\n", outcome.stdout(), outcome.stderr());
  }

  /** A session of its own for the relay, where no program asks for it. */
  @Test
  void withSetsidTheRelayLeadsASession() {
    Outcome outcome = Tool.OURS.command("-,setsid", "SYSTEM:'ps -o pid=\\,sid= -p $PPID'").run();
    String[] ids = outcome.stdout().strip().split(" +", -1);
    assertEquals(2, ids.length, outcome.toString());
    assertEquals(ids[0], ids[1]);
  }

  /** O_DIRECT wants blocks that begin with a page, and the last one is short. */
  @Test
  void aFileIsReadAroundTheCache(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[100_001]);
    Outcome outcome = Tool.OURS.command("-u", "OPEN:" + file + ",o-direct", "-").run();
    assertEquals("", outcome.stderr());
    assertEquals(100_001, outcome.stdout().length());
  }

  /** One file for what is read, another for what is written, and the first is waited for. */
  @Test
  void aFileAroundTheCacheMayBeFollowedAndHaveAPartner(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[100_001]);
    Path out = folder.resolve("out");
    try (Run run =
        Tool.OURS
            .command("-", "OPEN:" + file + ",o-direct,ignoreeof!!CREATE:" + out)
            .openInput()
            .start()) {
      run.awaitOutput("\\x00{100001}");
      run.send("written");
      run.endInput();
      Outcome outcome = run.await();
      assertEquals(0, outcome.status(), outcome.stderr());
      assertEquals("", outcome.stderr());
      assertEquals("written", Files.readString(out));
    }
  }
}
