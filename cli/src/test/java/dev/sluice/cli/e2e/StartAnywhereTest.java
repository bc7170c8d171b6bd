package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay starts in places where a JVM by itself does not. Some need root: a mount namespace. */
class StartAnywhereTest {
  private static boolean mayMount;

  @BeforeAll
  static void findOut() throws IOException, InterruptedException {
    mayMount =
        new ProcessBuilder("unshare", "-m", "true")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
  }

  @Test
  void inAFolderThatHasBeenDeleted() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-", "SYSTEM:cat")
                    .in(folder)
                    .after("mkdir gone; cd gone; rmdir ../gone")
                    .input("hi\n")
                    .run())
        .ignoringLog()
        .same();
    SideBySide.play(
            (tool, folder) ->
                tool.command("-u", "-", "OPEN:new,creat")
                    .in(folder)
                    .after("mkdir gone; cd gone; rmdir ../gone")
                    .run())
        .onlyLines(" E ")
        .same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "umount -l /proc",
        "mount -o remount,bind,ro /",
        "mount --bind /dev /mnt; mount -t tmpfs none /dev; "
            + "for f in null zero random urandom; do touch /dev/$f; "
            + "mount --bind /mnt/$f /dev/$f; done"
      })
  void withoutWhatAJvmLooksFor(String preparation) {
    assumeTrue(mayMount, "only root may have namespaces of its own for this");
    Outcome outcome =
        Tool.OURS
            .command()
            .after("exec unshare -m bash -c '" + preparation + "; exec \"$0\" - PIPE' \"$0\"")
            .input("hi\n")
            .run();
    assertEquals("hi\n", outcome.stdout(), outcome.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ulimit -v 2000000", "ulimit -v 500000", "ulimit -n 20", "unset HOME"})
  void withLittle(String limit) {
    Outcome outcome = Tool.OURS.command("-", "PIPE").after(limit).input("hi\n").run();
    assertEquals("hi\n", outcome.stdout(), outcome.stderr());
  }

  @Test
  void saysWhatItNeeds() {
    Outcome outcome = Tool.OURS.command("-", "PIPE").after("ulimit -n 12").input("hi\n").run();
    assertEquals(1, outcome.status());
    assertEquals(
        "socat: needs 20 descriptors or more, and the limit is 12 (ulimit -n)\n", outcome.stderr());
  }

  /**
   * The limit of threads and processes of a user, which root has not. The thread that is not given
   * may be one of the JVM, of the program's start (status 1) or of the actors (an internal error).
   *
   * @param others processes of the user that run already
   */
  @ParameterizedTest
  @CsvSource({"20,0", "30,8", "30,10"})
  void saysThatThereAreTooFewThreads(int limit, int others) throws IOException {
    assumeTrue(mayMount, "only root may have a user of its own for this");
    Outcome outcome =
        Tool.OURS
            .command()
            .after(
                ("exec setpriv --reuid=64123 --regid=64123 --clear-groups bash -c 'ulimit -u %d;"
                        + " for ((i = 0; i < %d; i++)); do sleep 60 >/dev/null 2>&1 & done;"
                        + " HOME=/ %s - PIPE; status=$?; kill $(jobs -p); exit $status'")
                    .formatted(limit, others, Tool.OURS.program().toRealPath()))
            .input("hi\n")
            .run();
    assumeFalse(outcome.stderr().contains("Permission denied"), "that user can't read the build");
    assertTrue(
        outcome.status() == 1 || outcome.status() == Outcome.EX_SOFTWARE,
        outcome.status() + ": " + outcome.stderr());
    assertTrue(outcome.stderr().matches("(?s).*\\bthreads?\\b.*"), outcome.stderr());
  }

  @Test
  void programsGetTheEnvironmentThatWasGiven() {
    Outcome outcome =
        Tool.OURS
            .command()
            .after(
                "exec env -i A=b JAVA_TOOL_OPTIONS=-Dx=y JDK_JAVA_OPTIONS=-Dz=1 \"$0\" -"
                    + " EXEC:/usr/bin/env")
            .run();
    List<String> variables =
        outcome.stdout().lines().filter(line -> !line.startsWith("SOCAT_")).sorted().toList();
    assertEquals(List.of("A=b", "JAVA_TOOL_OPTIONS=-Dx=y", "JDK_JAVA_OPTIONS=-Dz=1"), variables);
    assertEquals("", outcome.stderr());
  }

  @Test
  void withoutADescriptorForStandardInput() {
    Outcome outcome = Tool.OURS.command("-u", "-", "STDOUT").after("exec <&-").run();
    assertEquals(1, outcome.status());
    assertEquals("", outcome.stdout());
    assertTrue(outcome.stderr().contains("Bad file descriptor"), outcome.stderr());
  }

  @Test
  void asTheFirstProcessItWaitsForOrphans() throws IOException {
    assumeTrue(mayMount, "only root may have namespaces of its own for this");
    int port = Server.freePort();
    try (Run run =
        Tool.OURS
            .command()
            .after(
                "exec unshare -pf --mount-proc --kill-child \"$0\" -d -d TCP-LISTEN:"
                    + port
                    + ",bind=127.0.0.1,fork SYSTEM:'(sleep 0.1 &); cat'")
            .start()) {
      run.awaitLog("listening on");
      for (int i = 0; i < 5; i++) {
        assertEquals("x", Client.exchange(port, "x"));
      }
      long first =
          ProcessHandle.of(run.pid()).orElseThrow().children().findFirst().orElseThrow().pid();
      Await.until(() -> states(first).isEmpty(), () -> "the end of all orphans");
      assertFalse(run.log().contains(" E "), run.log());
    }
  }

  /** Of the children of a process. */
  private static String states(long parent) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "stat=", "--ppid", "" + parent).start();
    return new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }
}
