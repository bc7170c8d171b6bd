package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An entry of the file system whose place others may take. */
class DirectoryEntryTest {
  @TempDir private Path folder;
  private Path made;
  private Path secret;

  @BeforeEach
  void makeFiles() throws IOException {
    made = Files.writeString(folder.resolve("made"), "ours");
    secret = Files.writeString(folder.resolve("secret"), "another's");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  /** Who may write in its directory puts a link in its place between bind(2) and chmod(2). */
  private void putALinkInItsPlace() throws IOException {
    Files.move(made, folder.resolve("moved"));
    Files.createSymbolicLink(made, secret);
  }

  @Test
  void modeAndOwnerAreTheEntrysOwnAlthoughALinkHasTakenItsPlace() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"));
    try (DirectoryEntry entry = DirectoryEntry.of(made.toString())) {
      putALinkInItsPlace();
      entry.chmod(0666);
      entry.chown(65534, 65534);
    }
    assertEquals(0100600, Files.getAttribute(secret, "unix:mode"));
    assertEquals(0, Files.getAttribute(secret, "unix:uid"));
    assertEquals(0100666, Files.getAttribute(folder.resolve("moved"), "unix:mode"));
    assertEquals(65534, Files.getAttribute(folder.resolve("moved"), "unix:uid"));
  }

  @Test
  void aLinkThatHasTakenItsPlaceIsLeft() throws IOException {
    DirectoryEntry entry = DirectoryEntry.of(made.toString());
    putALinkInItsPlace();
    assertEquals("somebody else's by now, left where it is", entry.remove());
    assertTrue(Files.isSymbolicLink(made));
    assertEquals("another's", Files.readString(secret));
  }
}
