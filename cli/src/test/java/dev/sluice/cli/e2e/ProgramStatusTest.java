package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * When a program's exit status is the relay's. The peer may end before it sees the status, so what
 * is left to chance there is looked at here alone.
 */
class ProgramStatusTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "      | - | EXEC:false                                       | 1",
        "-u    | EXEC:false | -                                       | 1",
        "-U    | - | SYSTEM:exit 3                                    | 1",
        "-t9   | - | SYSTEM:'cat >/dev/null; sleep 0.2; exit 3'       | 1",
        "-t9   | - | EXEC:./late                                      | 1",
        "-t9   | - | EXEC:./late,pipes                                | 1",
        "-t0.1 | - | SYSTEM:'cat >/dev/null; sleep 0.6; exit 3'       | 0",
        "-t0.1 | - | EXEC:./closes                                    | 0",
        "-u    | - | EXEC:./late                                      | 0",
        "-u    | - | EXEC:cat                                         | 0",
        "      | - | EXEC:true                                        | 0",
        "-U    | - | EXEC:./killed                                    | 1",
        "-u    | SYSTEM:'kill -9 $$' | -                              | 0",
        "      | - | EXEC:./missing                                   | 1",
      })
  void isOneIfTheFailureWasSeen(
      @Nullable String option, String left, String right, int status, @TempDir Path folder)
      throws IOException {
    script(folder, "late", "cat >/dev/null; sleep 0.2; exit 3");
    script(folder, "closes", "exec <&- >&-; sleep 0.5; exit 3");
    script(folder, "killed", "kill -9 $$");
    Outcome outcome =
        Tool.OURS.command(option == null ? "-d1" : option, left, right).in(folder).run();
    assertEquals(status, outcome.status(), outcome.stderr());
  }

  @Test
  void aFailureOfAProgramThatIsOnlyReadCounts(@TempDir Path folder) throws IOException {
    // not beside the peer: whether its child's exit or the end of its data is seen first is chance
    script(folder, "late", "echo x; exit 3");
    Outcome outcome = Tool.OURS.command("-t9", "-u", "EXEC:./late", "STDOUT").in(folder).run();
    assertEquals("x\n", outcome.stdout());
    assertEquals(1, outcome.status(), outcome.stderr());
  }

  @Test
  void whatAProgramLeftBehindIsDeliveredAndItsHeirsAreNot() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  script(folder, "p", "(read x <go; echo late) 2>/dev/null &\necho one; echo two");
                  try (Run run =
                      tool.command("-t", "0.5", "-", "EXEC:./p")
                          .after("mkfifo go")
                          .in(folder)
                          .start()) {
                    Outcome end = run.await();
                    Files.writeString(folder.resolve("go"), "go\n");
                    return end;
                  }
                })
            .onlyLines("^E ")
            .same();
    assertEquals("one\ntwo\n", outcome.stdout());
  }

  /** The other side sends something to a program that has said its word and ended. */
  @Test
  void whatComesForAProgramThatHasEndedWellIsNoFailure(@TempDir Path folder) throws Exception {
    UnixDomainSocketAddress name = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(name);
      try (Run run = Tool.OURS.command("-t9", "EXEC:'echo hi',pipes", "UNIX:" + name).start();
          SocketChannel server = listener.accept()) {
        ByteBuffer word = ByteBuffer.allocate(4);
        while (server.read(word) >= 0) {
          // until its end is told
        }
        assertEquals("hi\n", new String(word.array(), 0, word.position(), US_ASCII));
        server.write(ByteBuffer.allocate(5));
        Outcome outcome = run.await();
        assertEquals(0, outcome.status(), outcome.stderr());
        assertTrue(outcome.stderr().contains("5 bytes were not written"), outcome.stderr());
      }
    }
  }

  @Test
  void theDeathOfAProgramEndsAPairOfPipes() {
    SideBySide.play(
            (tool, folder) -> {
              script(folder, "p", "read line; echo \"got $line\"");
              try (Run run =
                  tool.command("-t", "0.4", "-", "EXEC:./p,pipes").in(folder).openInput().start()) {
                run.send("a line\n");
                return run.await();
              }
            })
        .same();
  }

  @Test
  void anEndWithoutDeathIsAnEndLikeAnyOther() {
    SideBySide.play(
            (tool, folder) -> {
              script(folder, "p", "echo x; exec <&- >&-; sleep 2");
              try (Run run =
                  tool.command("-d", "-d", "-t", "0.4", "-", "EXEC:./p")
                      .in(folder)
                      .openInput()
                      .start()) {
                return run.await();
              }
            })
        .onlyLines("socket \\d|exiting with")
        .same();
  }

  private static void script(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
