package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** User, groups and root that the left address sets hold for all that is opened after it. */
class SessionUserTest {

  @BeforeEach
  void onlyRootMay() {
    assumeTrue(System.getProperty("user.name").equals("root"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "setuid-early=65534",
        "setgid-early=65534",
        "su-e=nobody",
        "su=nobody",
        "fork,setuid-early=65534",
        "fork,setgid-early=65534,setuid-early=65534",
        "setgid-early=1,setgid=65534",
        "setgid-early=65534,su-d=nobody"
      })
  void runsThePeersProgramUnderTheListenersOptions(String options) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1," + options;
              String program = "SYSTEM:'exec 2>&1; id -u; id -g; id -G; echo \\$USER'";
              try (Run server = tool.command("-dd", listen, program).start()) {
                server.awaitLog("listening on");
                String got = Client.exchange(port, "");
                return (options.startsWith("fork") ? server.stop("TERM") : server.await())
                    .observing(got);
              }
            })
        .ignoringLog()
        .same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STDIN,su=nobody!!STDOUT",
        "STDIN!!STDOUT,su=nobody",
        "STDIN!!STDOUT,setuid-early=65534",
        "STDIN,setgid-early=1!!STDOUT,setgid=65534",
        "STDIN,setuid-early=65534!!SYSTEM:'cat; id -u'"
      })
  void countsBothHalvesOfADualAddress(String left) {
    SideBySide.play((tool, folder) -> tool.command(left, "SYSTEM:id -u; id -g").run())
        .ignoringLog()
        .same();
  }

  @ParameterizedTest
  @ValueSource(strings = {"STDIN,su=nobody!!STDOUT", "STDIN!!STDOUT,su=nobody"})
  void countsTheHalfThatIsOpenedAlone(String left) {
    SideBySide.play((tool, folder) -> tool.command("-U", left, "SYSTEM:id -u").run())
        .ignoringLog()
        .same();
  }

  @Test
  void startsTheSecondHalfOfTheRightSideUnderTheFirst() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-U", "-", "SYSTEM:'sleep 0',su=nobody!!SYSTEM:cat").run())
        .ignoringLog()
        .same();
    SideBySide.play(
            (tool, folder) -> {
              Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
              Outcome ended =
                  tool.command("-t1", "-", "/dev/null,su=nobody!!SYSTEM:'cat >got; id -u >>got'")
                      .in(folder)
                      .input("x\n")
                      .run();
              Path got = folder.resolve("got");
              Await.until(
                  () -> Files.exists(got) && Files.readString(got).lines().count() == 2,
                  () -> "the program's user");
              return ended.observing(Files.readString(got));
            })
        .ignoringLog()
        .same();
  }

  @Test
  void opensInTheRootThatTheListenerHasChangedToEarly() {
    SideBySide.play(
            (tool, folder) -> {
              Files.createDirectory(folder.resolve("jail"));
              Files.writeString(folder.resolve("jail/name"), "in the jail\n");
              int port = Server.freePort();
              String listen =
                  "TCP-LISTEN:" + port + ",bind=127.0.0.1,chroot-early=" + folder.resolve("jail");
              try (Run server = tool.command("-dd", listen, "OPEN:/name,rdonly").start()) {
                server.awaitLog("listening on");
                String got = Client.exchange(port, "");
                return server.await().observing(got);
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void leavesDirectoryAndMaskToTheirAddress() {
    SideBySide.play(
            (tool, folder) -> {
              Files.createDirectory(folder.resolve("d"));
              Outcome ended =
                  tool.command("-u", "STDIN,chdir=d", "CREATE:made").in(folder).input("x").run();
              assertTrue(Files.exists(folder.resolve("made")));
              assertEquals("x", Files.readString(folder.resolve("made")));
              return ended;
            })
        .ignoringLog()
        .same();
  }

  /** The C library runs what it finds for names: nothing of a jail, which others may write to. */
  @Test
  void looksNamesUpOutsideAJail(@TempDir Path folder) throws Exception {
    Files.createDirectory(folder.resolve("etc"));
    Files.writeString(folder.resolve("etc/hosts"), "127.0.0.1 trap.invalid\n");
    int port = Server.freePort();
    int trap = Server.freePort();
    String listen = ",bind=127.0.0.1,fork,su=nobody,chroot=" + folder;
    try (Server echo = Server.echo();
        Run run =
            Tool.SLUICE
                .command("-d", "TCP-LISTEN:" + port + listen, "TCP:localhost:" + echo.port())
                .start();
        Run trapped =
            Tool.SLUICE
                .command("-d", "TCP-LISTEN:" + trap + listen, "TCP:trap.invalid:" + echo.port())
                .start()) {
      Await.until(() -> isOpen(port) && isOpen(trap), () -> "the listeners");
      assertEquals("through", Client.exchange(port, "through"));
      try (Client client = new Client(trap)) {
        assertEquals("", client.readAll());
      }
      trapped.awaitLog("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d .* E .*trap.invalid");
      assertTrue(run.isAlive());
      assertFalse(trapped.stop("TERM").stderr().contains("tzdb"));
    }
  }

  private static boolean isOpen(int port) {
    try (Client client = new Client(port)) {
      return client.localPort() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The thread that starts it keeps a right for the terminal, which is none to run what it may. */
  @Test
  void runsNoProgramOnATerminalThatItsUserMayNotRun(@TempDir Path folder) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path program = folder.resolve("program");
    Files.writeString(program, "#!/bin/sh\nid -u >" + folder + "/ran\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    String address = "EXEC:" + program + ",su=nobody,pty,ctty,setsid";
    Outcome refused = Tool.OURS.command("-u", address, "STDOUT").run();
    assertEquals(1, refused.status());
    assertTrue(refused.stderr().contains("Permission denied"), refused.stderr());
    assertFalse(Files.exists(folder.resolve("ran")));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(0, Tool.OURS.command("-u", address, "STDOUT").run().status());
    assertEquals("65534\n", Files.readString(folder.resolve("ran")));
  }

  /** What strangers send is then parsed without the rights of root. */
  @ParameterizedTest
  @ValueSource(
      strings = {"su=nobody", "setgid=65534,setuid=65534", "nodelay,su-e=nobody,max-children=10"})
  void theProcessTakesTheRightsThatAllItsSessionsHave(String options) throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork," + options;
    try (Server echo = Server.echo();
        Run run = Tool.OURS.command("-ddd", listen, "TCP:localhost:" + echo.port()).start()) {
      run.awaitLog("the process has the user and groups of its sessions");
      assertEquals("through", Client.exchange(port, "through"));
      assertEquals("again", Client.exchange(port, "again"));
      assertEquals(Set.of("65534"), users(run));
      assertEquals(143, run.stop("TERM").status());
    }
  }

  /** A program could signal a process of its user; files are to be removed; and so on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "su=nobody | SYSTEM:cat",
        "su=nobody,mode=600 | PIPE",
        "su=nobody,tcpwrap-etc=/etc | PIPE",
        "su=nobody,lockfile=lock | PIPE",
        "su=nobody | PIPE,setgid=1",
        "chroot=/,su=nobody | PIPE",
        "nodelay | PIPE"
      })
  void theProcessKeepsItsRightsWhereItNeedsThem(String options, String right, @TempDir Path folder)
      throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork," + options;
    try (Run run = Tool.OURS.command("-ddd", listen, right).in(folder).start()) {
      run.awaitLog("listening on");
      assertEquals("through", Client.exchange(port, "through"));
      Await.until(() -> users(run).equals(Set.of("0")), () -> "the rights of root");
      assertEquals(143, run.stop("TERM").status());
    }
    assertFalse(Files.exists(folder.resolve("lock")));
  }

  /** Else a process of that user could end the whole relay meanwhile. */
  @Test
  void noThreadHasTheSessionsUserWhileItConnects() throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,su=nobody,mode=600";
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Client first = new Client(full.getLocalPort());
        Client second = new Client(full.getLocalPort()); // a backlog of one has room for two
        Run run =
            Tool.OURS.command("-ddd", listen, "TCP:localhost:" + full.getLocalPort()).start()) {
      run.awaitLog("listening on");
      try (Client waiting = new Client(port)) {
        run.awaitLog("opening connection to AF=2");
        Await.until(() -> users(run).equals(Set.of("0")), () -> "the rights of root");
        assertTrue(waiting.localPort() > 0 && first.localPort() > 0 && second.localPort() > 0);
      }
    }
  }

  /** Real, effective, saved and file system users of all threads. */
  private static Set<String> users(Run run) throws IOException {
    Set<String> users = new TreeSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + run.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        try {
          for (String line : Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("Uid:")) {
              users.addAll(List.of(line.substring(4).strip().split("\\s+", -1)));
            }
          }
        } catch (IOException e) {
          assertFalse(Files.exists(thread), "it has just ended");
        }
      }
    }
    return users;
  }
}
