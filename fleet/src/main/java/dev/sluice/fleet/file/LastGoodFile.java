package dev.sluice.fleet.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * What a fleet ran last, for a start at which its own file is wrong. It lies beside that file, or
 * where systemd has the service keep its state. Secrets are named in it, and not shown. All methods
 * block.
 */
public final class LastGoodFile {
  private final Path place;

  private LastGoodFile(Path place) {
    this.place = place;
  }

  /** That of a fleet's file or folder. */
  public static LastGoodFile of(Path file, Map<String, String> environment) {
    String state = environment.get("STATE_DIRECTORY");
    String name = file.toAbsolutePath().normalize().getFileName() + ".last";
    return new LastGoodFile(
        state == null
            ? file.toAbsolutePath().normalize().resolveSibling(name)
            : Path.of(state, name));
  }

  /** Where it is. */
  public Path place() {
    return place;
  }

  /** Whether something was kept. */
  public boolean isThere() {
    return Files.exists(place);
  }

  /** What was kept. */
  public String text() throws IOException {
    return Files.readString(place);
  }

  /** Replaces what was kept; when that fails, it stays. */
  public void write(String text) throws IOException {
    Path fresh = place.resolveSibling(place.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
