package dev.sluice.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that keeps the last applied fleet for a node's next start. Blocks. */
final class KeptFile {
  private static final Pattern HEAD =
      Pattern.compile("sluice-cluster 1 version=(\\d{1,18}) time=(\\d{1,18}) author=(\\S+)");

  private final Path path;

  KeptFile(Path path) {
    this.path = path;
  }

  /** What was kept; empty when nothing was. */
  Optional<Wire.Document> read() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    String text = Files.readString(path);
    int end = text.indexOf('\n');
    Matcher head = HEAD.matcher(end < 0 ? "" : text.substring(0, end));
    if (!head.matches()) {
      throw new IOException(path + ": is not what a node of a cluster keeps");
    }
    return Optional.of(
        new Wire.Document(
            Long.parseLong(String.valueOf(head.group(1))),
            String.valueOf(head.group(3)),
            Long.parseLong(String.valueOf(head.group(2))),
            text.substring(end + 1)));
  }

  /** Replaces the file; at any moment it is the old or the new one. */
  void write(Wire.Document document) throws IOException {
    Path fresh = Path.of(path + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        fresh,
        "sluice-cluster 1 version="
            + document.version()
            + " time="
            + document.time()
            + " author="
            + document.author()
            + "\n"
            + document.shared());
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
