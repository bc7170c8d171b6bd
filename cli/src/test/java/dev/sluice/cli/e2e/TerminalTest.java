package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pseudo terminals: as an address, under programs, and as the user's own. */
class TerminalTest {
  @TempDir Path folder;

  /** The peer's own status is left to chance: its child may fail after the end has been seen. */
  @Test
  void refusesACharacterSizeThatThereIsNot() {
    Outcome outcome = Tool.OURS.command("-U", "-", "EXEC:stty,pty,csize=9").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("E option csize: invalid value 9"), outcome.stderr());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXEC:cat,pty",
        "EXEC:cat,openpty,echo=0",
        "EXEC:cat,ptmx,rawer",
        "EXEC:cat,pty,raw,echo=0",
        "EXEC:cat,pty,pipes,rawer",
        "EXEC:cat,pty,onlcr=0",
        "EXEC:cat,pty,cfmakeraw",
      })
  void carriesDataLikeThePeer(String address) {
    SideBySide.play(
            (tool, where) -> tool.command("-", address).in(where).input("some data\n").run())
        .same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXEC:stty,pty",
        "EXEC:stty -a,pty,rawer",
        "EXEC:stty -a,pty,sane,intr=3,b9600",
        "EXEC:tty,pty,stderr",
        "EXEC:stty,raw",
        "SYSTEM:'ps -o tty= -p $$',pty,setsid",
      })
  void setsTheTerminalLikeThePeer(String address) {
    SideBySide.play((tool, where) -> tool.command("-", address).in(where).run())
        .onlyLines("^E (option|tcsetattr|cfset|tcgetattr)")
        .same();
  }

  /** Not beside the peer: whether its child's end is seen before its own is chance. */
  @Test
  void aSettingThatTheTerminalRefusesIsAnError() {
    Outcome outcome = Tool.OURS.command("-", "EXEC:stty,pty,cs7").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("E tcsetattr("), outcome.stderr());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXEC:stty,pty,ispeed=1200 | option ispeed: invalid value 1200 (codes are 0 to 15",
        "PTY,ospeed=9600           | option ospeed: invalid value 9600 (codes are 0 to 15",
        "READLINE,noecho=a[        | option \"noecho\": \"a[\" is not a regular expression: ",
      })
  void whatCannotBeIsSaidBeforeAnythingOpens(String address, String error) {
    Outcome outcome = Tool.OURS.command("CREATE:made", address).in(folder).run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(error), outcome.stderr());
    assertFalse(Files.exists(folder.resolve("made")));
  }

  @ParameterizedTest
  @CsvSource({
    "'user=nobody,group=daemon,perm=640', nobody daemon 640",
    "'owner=65534,group=1,perm=620', nobody daemon 620",
    "'user-late=nobody,group-late=daemon,perm-late=604', nobody daemon 604",
  })
  void aTerminalBelongsToWhomItIsGiven(String options, String expected) {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Path link = folder.resolve("line");
    try (Run run =
        Tool.OURS.command("-d", "-d", "PTY,link=" + link + "," + options, "PIPE").start()) {
      run.awaitLog("starting data transfer");
      Outcome owner =
          new Command(
                  new Tool("stat", Path.of("/usr/bin/stat")), "-Lc", "%U %G %a", link.toString())
              .run();
      assertEquals(expected, owner.stdout().strip());
    }
  }

  @Test
  void aProgramUnderAnotherRootHasItsControllingTerminal() throws Exception {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    OtherRoot.of(folder, "/bin/cat");
    try (Run run =
        Tool.OURS
            .command("-d", "-d", "-", "EXEC:/bin/cat,chroot=" + folder + ",pty,setsid,ctty,rawer")
            .openInput()
            .start()) {
      run.send("through the terminal\n");
      run.awaitOutput("through the terminal\n");
      String pid =
          run.awaitLog("(?:forked off child process|starting child|process) (\\d+)").group(1);
      assertEquals(folder.toRealPath(), Files.readSymbolicLink(Path.of("/proc", pid, "root")));
      String[] facts =
          Files.readString(Path.of("/proc", pid, "stat")).replaceFirst(".*\\) ", "").split(" ", -1);
      assertEquals(pid, facts[3], "it leads its session");
      assertNotEquals("0", facts[4], "it has a controlling terminal");
      run.endInput();
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void aProgramOfASessionHasTheConnectionItself() throws Exception {
    String filan = Tool.ROOT.resolve("bin/filan").toString();
    int port = Server.freePort();
    try (Run run =
        Tool.OURS
            .command(
                "-d",
                "-d",
                "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                "SYSTEM:'"
                    + filan
                    + " -s -i 0; "
                    + filan
                    + " -s -i 1; read line; echo $line; exit 3',nofork")
            .start()) {
      run.awaitLog("listening on");
      try (Client one = new Client(port);
          Client other = new Client(port)) {
        for (Client client : new Client[] {one, other}) {
          String connection = "tcp 127.0.0.1:" + port + " 127.0.0.1:" + client.localPort() + "\n";
          assertEquals(connection, client.readLine());
          assertEquals(connection, client.readLine());
        }
        other.send("other\n");
        assertEquals("other\n", other.readAll());
        one.send("one\n");
        assertEquals("one\n", one.readAll());
      }
      run.awaitLog("returned with status 768", 2);
      assertFalse(run.stop("TERM").stderr().contains("starting data transfer"));
    }
  }

  @Test
  void aProgramsTerminalIsItsControllingOne() {
    Outcome outcome =
        Tool.OURS
            .command("-", "SYSTEM:'test $(ps -o sid= $$) = $$ && tty >/dev/tty',pty,setsid,ctty")
            .run();
    assertTrue(outcome.stdout().startsWith("/dev/pts/"), outcome.toString());
  }

  @Test
  void aTerminalWithALinkIsTakenForASerialLine() throws IOException {
    Path left = folder.resolve("left");
    Path right = folder.resolve("right");
    try (Run modem =
        Tool.OURS
            .command("-d", "-d", "PTY,rawer,perm=640,link=" + left, "PTY,rawer,link=" + right)
            .start()) {
      modem.awaitLog("starting data transfer");
      assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(left)));
      try (Run reader =
          new Command(new Tool("head", Path.of("/usr/bin/head")), "-1", right.toString()).start()) {
        Files.writeString(left, "over the line\n");
        assertEquals("over the line\n", reader.await().stdout());
      }
      assertEquals(143, modem.stop("TERM").status());
    }
    assertFalse(Files.exists(left, LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(right, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void waitsForSomebodyToOpenTheTerminal() throws IOException {
    Path link = folder.resolve("slave");
    try (Run run =
        Tool.OURS
            .command(
                "-d", "-d", "-u", "PTY,rawer,wait-slave,pty-interval=0.01,link=" + link, "STDOUT")
            .start()) {
      run.awaitLog("PTY is");
      Files.writeString(link, "at last\n");
      Outcome outcome = run.await();
      assertEquals("at last\n", outcome.stdout());
      assertEquals(0, outcome.status());
      assertTrue(outcome.stderr().contains("probably PTY closed"), outcome.stderr());
    }
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aLinkWaitedForIsRemovedOnASignal() {
    Path link = folder.resolve("slave");
    try (Run run = Tool.OURS.command("-d", "-d", "PTY,wait-slave,link=" + link, "STDOUT").start()) {
      run.awaitLog("PTY is");
      assertEquals(143, run.stop("TERM").status());
    }
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHELL:'echo $$ $PPID; exit 7',nofork,shell=/bin/sh",
        "SYSTEM:'exit 5',nofork",
        "EXEC:nosuchprogram,nofork",
        "EXEC:cat,nofork",
      })
  void aProgramTakesTheRelaysPlace(String address) {
    SideBySide.play(
            (tool, where) -> {
              Outcome end =
                  tool.command("-", address).in(where).input("x\n").after("echo $$ >pid").run();
              String pid = Files.readString(where.resolve("pid")).strip();
              String out = end.stdout().replaceFirst("^" + pid + " \\d+", "PID");
              return new Outcome(end.status(), out, end.stderr());
            })
        .same();
  }

  @Test
  void noProgramTakesThePlaceOfARelayThatIsItsSource() {
    SideBySide.play((tool, where) -> tool.command("EXEC:cat,nofork", "-").run())
        .onlyLines("^E ")
        .same();
  }
}
