package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EXEC, SYSTEM and SHELL: what runs, with which words, and how its end shows. */
class ExecTest {

  /** {@code ./p} prints each of its arguments in brackets. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXEC:./p a  b",
        "EXEC:./p \"a b\" c",
        "EXEC:./p \\\"a b\\\" c",
        "EXEC:./p '\"a b\"' c",
        "EXEC:./p \"'a b'\" c",
        "EXEC:./p a\\\\ b",
        "EXEC:./p (a b) [c d] {e f}",
        "EXEC:./p \\\"\\\" x",
        "EXEC:./p a\\,b\\:c",
        "EXEC:./p it\\\\\\'s",
        "EXEC:./p *",
        "EXEC:./p $HOME",
        "EXEC:'./p a,b:c!!d'",
        "EXEC:sh -c \\\"echo hi there\\\"",
        "SYSTEM:./p a \"'b c'\"",
        "SYSTEM:'./p \"a b\" c'",
        "SYSTEM:'./p \\'a b\\' c'",
        "SYSTEM:\"./p \\\"a b\\\" c\"",
        "SYSTEM:'echo $((1 + 2)); ./p x | tr x y'",
        "SYSTEM:./p a\\:b\\,c",
        "SYSTEM:echo a; echo b >&2; echo c",
        "SHELL:./p a 'b c'",
        "EXEC:./p a,pipes",
        "EXEC:./p a,path=/nowhere",
        "EXEC:./p a,stderr",
        "EXEC:pwd,chdir=/",
        "SYSTEM:umask,umask=027",
        "SYSTEM:'exec 2>&1; ls /proc/self/fd | wc -l'",
        "SYSTEM:'echo err >&2',stderr",
        "EXEC:id -u,setuid=65534",
        "EXEC:id,su=nobody",
        "SHELL:'test $(ps -o sid= $$) = $$ && echo leader',setsid",
        "SHELL:'test $(ps -o pgid= $$) = $$ && echo leader',setpgid=0",
        "SHELL:'echo no leader',setpgid",
        "SHELL:'echo no leader',setpgid=-1",
        "SHELL:'test $(ps -o pgid= $$) = $$ && echo leader',setsid,setpgid=0",
      })
  void runsLikeThePeer(String address) {
    SideBySide.play(
            (tool, folder) -> {
              script(folder.resolve("p"), "for a; do printf '[%s]' \"$a\"; done; echo");
              return tool.command("-U", "-", address).in(folder).env("SHELL", "/bin/sh").run();
            })
        .same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXEC:cat",
        "EXEC:cat,pipes",
        "SYSTEM:cat",
        "SYSTEM:cat,pipes",
        "SHELL:cat",
        "EXEC:tr a-z A-Z",
        "SYSTEM:'cat <&3 >&4',fdin=3,fdout=4",
        "SYSTEM:'cat <&3 >&4',fdin=3,fdout=4,pipes",
        "EXEC:cat,socktype=2",
      })
  void carriesDataBothWays(String address) {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-t1", "-", address)
                    .in(folder)
                    .input("some data\n")
                    .env("SHELL", "/bin/sh")
                    .run())
        .same();
  }

  @Test
  void carriesMoreThanBuffersHold() {
    String data = "0123456789abcdef".repeat(100_000);
    Outcome outcome =
        SideBySide.play((tool, folder) -> tool.command("-", "EXEC:cat").input(data).run()).same();
    assertEquals(data.length(), outcome.stdout().length());
  }

  @Test
  void leavesTheProgramTheUnusedStream() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-u", "EXEC:cat", "OPEN:out,creat")
                    .in(folder)
                    .input("via stdin\n")
                    .run())
        .same();
  }

  /**
   * The peer may end before it sees the status of the program, so its own status is left to chance.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXEC:/nonexistent/program | E execvp(\"/nonexistent/program\", \"/nonexistent/program\"): No such file or directory",
        "EXEC:nosuchprogram a b c  | E execvp(\"nosuchprogram\", \"nosuchprogram\", \"a\", \"b\", ...): No such file or directory",
        "EXEC:./not-executable     | E execvp(\"./not-executable\", \"./not-executable\"): Permission denied",
        "SHELL:x,shell=sh          | E SHELL \"sh\" variable does not specify a path (has no '/')",
      },
      quoteCharacter = '`')
  void reportsAProgramThatCannotBeRun(String address, String error) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  Files.writeString(folder.resolve("not-executable"), "");
                  Outcome end = tool.command("-U", "-", address).in(folder).run();
                  return tool.isOurs() ? end : new Outcome(1, end.stdout(), end.stderr());
                })
            .onlyLines("^E ")
            .same();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(error), outcome.stderr());
  }

  @Test
  void aProgramThatFailsMakesTheRelayFail() {
    for (String address : new String[] {"EXEC:false", "SYSTEM:'exit 3'"}) {
      Outcome outcome = Tool.OURS.command("-U", "-", address).run();
      assertEquals(1, outcome.status(), address + "\n" + outcome.stderr());
    }
    assertEquals(0, Tool.OURS.command("-U", "-", "EXEC:true").run().status());
  }

  @Test
  void tellsOfAProgramKilledBySignal() {
    Outcome outcome = Tool.OURS.command("-U", "-", "EXEC:'sh -c \"kill -9 \\$\\$\"'").run();
    assertEquals(
        "W waitpid(): child PID exited on signal 9",
        Normalise.log(outcome.stderr()).get(0).replaceAll("child \\d+", "child PID"));
  }

  @Test
  void doesNotWaitForAProgramThatStaysOn() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-t", "0.2", "-", "SYSTEM:'cat >/dev/null; sleep 1.5; exit 5'").run())
        .ignoringLog()
        .same();
  }

  @Test
  void exportsItsVariables() {
    Outcome outcome =
        Tool.OURS
            .command(
                "-lpMyName",
                "-U",
                "-",
                "SYSTEM:'echo $MYNAME_VERSION; test $MYNAME_PID = $MYNAME_PPID && echo same'")
            .run();
    assertEquals("1.8.1.1\nsame\n", outcome.stdout());
  }

  @Test
  void handsNoDescriptorsOfItsOwnToTheProgram() {
    SideBySide.play(
            (tool, folder) -> {
              script(folder.resolve("p"), "ls /proc/$$/fd");
              return tool.command("-U", "OPEN:out,creat", "EXEC:./p")
                  .in(folder)
                  .after("exec 7</dev/null")
                  .run()
                  .observing(Files.readString(folder.resolve("out")));
            })
        .same();
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
