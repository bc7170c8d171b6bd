package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that an address makes are gone after a signal, whatever the address is doing just then. */
class LeftBehindTest {

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP", "QUIT"})
  void anEntryIsRemovedWhileItsAddressWaits(String signal) {
    stoppedOnceThere("me", signal, "UNIX-LISTEN:me", "PIPE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me; PIPE; UNIX-LISTEN:me",
        "me; UNIX-RECVFROM:me; PIPE",
        "me; -u; UNIX-RECV:me; STDOUT",
        "fifo; -u; PIPE:fifo; STDOUT",
        "lock; TCP-LISTEN:0,lockfile=lock; PIPE",
        "lock; PIPE; TCP-LISTEN:0,lockfile=lock",
        "lock; UDP-LISTEN:0,lockfile=lock; PIPE",
        "lock; UDP-RECVFROM:0,lockfile=lock; PIPE",
        "lock; PTY,wait-slave,lockfile=lock; PIPE",
        "link; PTY,wait-slave,link=link; PIPE"
      })
  void whatAWaitingAddressHasMadeIsRemoved(String all) {
    String[] words = all.split("; ", -1);
    stoppedOnceThere(words[0], "TERM", java.util.Arrays.copyOfRange(words, 1, words.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPENSSL:%s,verify=0",
        "SOCKS4:127.0.0.1:192.0.2.1:80,socksport=%s",
        "SOCKS5:127.0.0.1:192.0.2.1:80,socksport=%s",
        "PROXY:127.0.0.1:192.0.2.1:80,proxyport=%s"
      })
  void aLockIsReleasedWhileADialogueRuns(String address) {
    try (Server silent = Server.silent()) {
      String where =
          address.startsWith("OPENSSL") ? "127.0.0.1:" + silent.port() : "" + silent.port();
      stoppedOnceThere("lock", "TERM", "PIPE", address.formatted(where) + ",lockfile=lock");
    }
  }

  @Test
  void aFileToRemoveGoesWhileItsOpeningWaits() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run run =
                  tool.command("-d", "-d", "-u", "OPEN:fifo,unlink-close", "STDOUT")
                      .in(folder)
                      .after("mkfifo fifo")
                      .start()) {
                run.awaitLog("opening");
                return run.stop("TERM").observing(left(folder));
              }
            })
        .ignoringLog()
        .same();
  }

  /** From the start of the JVM to the time when it surely waits. */
  @Test
  void atAnyMomentNothingStays() {
    inFolder(
        folder -> {
          for (int i = 0; i < 15; i++) {
            try (Run run =
                Tool.OURS
                    .command("UNIX-LISTEN:me,mode=600,lockfile=lock", "PTY,link=link")
                    .in(folder)
                    .start()) {
              LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(600_000_000));
              run.stop("TERM");
              assertEquals("[]", left(folder));
            }
          }
        });
  }

  private static void stoppedOnceThere(String made, String signal, String... words) {
    inFolder(
        folder -> {
          Path path = folder.resolve(made);
          try (Run run = Tool.OURS.command(words).in(folder).openInput().start()) {
            Await.until(() -> isThere(path), () -> path + " to be made");
            run.stop(signal);
            assertFalse(isThere(path), () -> path + " is left");
            assertEquals("[]", left(folder));
          }
        });
  }

  private interface Scenario {
    void play(Path folder) throws IOException;
  }

  private static void inFolder(Scenario scenario) {
    try {
      Path folder = Files.createTempDirectory("sluice-left");
      scenario.play(folder);
      for (File file : java.util.Objects.requireNonNull(folder.toFile().listFiles())) {
        Files.delete(file.toPath());
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
  }

  private static String left(Path folder) {
    return java.util.Arrays.toString(folder.toFile().list());
  }
}
