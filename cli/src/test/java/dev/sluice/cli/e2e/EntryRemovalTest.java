package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose entry of the file system is removed at the end: the one that was made, where it was. */
class EntryRemovalTest {
  @TempDir Path folder;

  private Run start(String line, String name, String scope) {
    List<String> words = List.of(line.replace("%s", name).replace("%o", scope).split(" ", -1));
    List<String> all = Stream.concat(Stream.of("-dd"), words.stream()).toList();
    Run run = Tool.OURS.command(all.toArray(String[]::new)).in(folder).openInput().start();
    run.awaitLog("listening on|receiving on|starting data transfer loop");
    return run;
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private void madeAndRemoved(Path made, String line, String name, String scope)
      throws IOException {
    Path precious = folder.resolve("s");
    Files.writeString(precious, "precious");
    try (Run run = start(line, name, scope)) {
      assertTrue(isThere(made));
      run.stop("TERM");
    }
    assertFalse(isThere(made));
    assertEquals("precious", Files.readString(precious));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNIX-LISTEN:%s,%o,fork STDOUT",
        "-u UNIX-RECV:%s,%o STDOUT",
        "-u UNIX-RECVFROM:%s,%o,fork STDOUT",
        "UNIX-SENDTO:nowhere,bind=%s,unlink-close,%o STDIO",
        "-u STDIN CREATE:%s,unlink-close,%o",
        "PIPE:%s,%o STDIO",
        "PTY,link=%s,%o STDIO",
        "STDIO,lockfile=%s,%o PIPE"
      })
  void removesItFromTheDirectoryWhereItWasMade(String line) throws IOException {
    Path other = Files.createDirectory(folder.resolve("d"));
    madeAndRemoved(other.resolve("s"), line, "s", "chdir=d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNIX-LISTEN:%s,%o,fork STDOUT",
        "-u UNIX-RECV:%s,%o STDOUT",
        "UNIX-SENDTO:nowhere,bind=%s,unlink-close,%o STDIO",
        "-u STDIN CREATE:%s,unlink-close,%o",
        "PIPE:%s,%o STDIO"
      })
  void removesItFromTheRootWhereItWasMade(String line) throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"));
    Path jail = folder.resolve("jail");
    Path same = Files.createDirectories(Path.of(jail.toString() + folder));
    madeAndRemoved(same.resolve("s"), line, folder + "/s", "chroot-early=" + jail);
  }

  @Test
  void removesItWhenNobodyCameInTime() throws IOException {
    Path other = Files.createDirectory(folder.resolve("d"));
    Files.writeString(folder.resolve("s"), "precious");
    try (Run run = start("UNIX-LISTEN:s,%o,accept-timeout=0.2 STDOUT", "s", "chdir=d")) {
      run.await();
    }
    assertFalse(isThere(other.resolve("s")));
    assertTrue(isThere(folder.resolve("s")));
  }

  /** Somebody else's entry under the same name is not ours to remove. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNIX-LISTEN:%s,fork STDOUT",
        "-u UNIX-RECV:%s STDOUT",
        "-u STDIN CREATE:%s,unlink-close",
        "PIPE:%s STDIO",
        "PTY,link=%s STDIO",
        "STDIO,lockfile=%s PIPE"
      })
  void leavesWhatHasTakenItsPlace(String line) throws IOException {
    Path entry = folder.resolve("s");
    try (Run run = start(line, "s", "")) {
      assertTrue(isThere(entry));
      Path newer = folder.resolve("newer");
      Files.writeString(newer, "another's");
      Files.move(newer, entry, StandardCopyOption.REPLACE_EXISTING);
      run.stop("TERM");
    }
    assertEquals("another's", Files.readString(entry));
  }

  /** A name that is too long is cut; the entry that is made goes too. */
  @Test
  void removesTheEntryOfANameThatIsCut() throws IOException {
    String name = "n".repeat(120);
    Path made = folder.resolve(name.substring(0, 108));
    try (Run run = start("UNIX-LISTEN:%s,fork STDOUT", name, "")) {
      assertTrue(isThere(made));
      run.stop("TERM");
    }
    assertFalse(isThere(made));
  }

  /** Mode and owner are given to the entry itself, in a root without /proc too. */
  @Test
  void givesTheEntryItsModeAndOwner() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"));
    Path jail = Files.createDirectory(folder.resolve("jail"));
    Path made = jail.resolve("s");
    String options = ",mode=640,user=65534,group=65534,";
    for (String scope : new String[] {"chdir=" + jail, "chroot-early=" + jail}) {
      try (Run run = start("UNIX-LISTEN:%s" + options + "%o,fork STDOUT", "s", scope)) {
        assertEquals(65534, Files.getAttribute(made, "unix:gid"));
        assertEquals(0140640, Files.getAttribute(made, "unix:mode"));
        assertEquals(65534, Files.getAttribute(made, "unix:uid"));
        run.stop("TERM");
      }
    }
  }

  /** File systems give the number of a removed file to the next one. */
  @ParameterizedTest
  @ValueSource(strings = {"PTY,link=%s STDIO", "STDIO,lockfile=%s PIPE"})
  void leavesWhatWasMadeAfterItWasRemoved(String line) throws IOException {
    Path entry = folder.resolve("s");
    try (Run run = start(line, "s", "")) {
      boolean isLink = Files.isSymbolicLink(entry);
      Files.delete(entry);
      if (isLink) {
        Files.createSymbolicLink(entry, Path.of("another's"));
      } else {
        Files.writeString(entry, "another's");
      }
      run.stop("TERM");
    }
    assertTrue(isThere(entry));
  }
}
