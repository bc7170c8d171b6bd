package dev.sluice.fleet.run;

import dev.sluice.log.RelayLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The text of a fleet's file, and how another one takes its place: whole or not at all. Its methods
 * block.
 */
public final class FleetFile {
  private final Path file;

  FleetFile(Path file) {
    this.file = file;
  }

  /**
   * The text.
   *
   * @throws IOException when it can't be read, or the fleet comes from a folder
   */
  public String text() throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("the fleet is a folder of files: edit them where they are");
    }
    return Files.readString(file);
  }

  /**
   * Writes a text beside the file, where includes and relative paths lead to the same places.
   *
   * @return the draft; whoever asked for it replaces the file with it or deletes it
   */
  Path draft(String text) throws IOException {
    text(); // the draft of a file that can't be read helps nobody
    Path real = file.toRealPath();
    Path draft =
        Files.createTempFile(
            real.getParent(), ".draft-", real.getFileName().toString().replaceFirst("^.*\\.", "."));
    try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(real));
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    return draft;
  }

  /** Puts a draft in the place of the file; the text before is kept as {@code FILE.old}. */
  void replace(Path draft) throws IOException {
    Path real = file.toRealPath();
    Files.copy(
        real,
        real.resolveSibling(real.getFileName() + ".old"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(draft, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes a draft, if it is still there. */
  static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      RelayLog.ofProcess().warning(draft + " is left behind: " + e.getMessage());
    }
  }
}
