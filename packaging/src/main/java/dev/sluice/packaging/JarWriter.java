package dev.sluice.packaging;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes jars. */
final class JarWriter {
  private JarWriter() {}

  /**
   * Writes a jar, which appears when it is whole.
   *
   * @param files their contents by name, in the order that they get
   * @param time of all entries, so that two builds are the same; as {@link Instant} reads it
   */
  static void write(Path target, Map<String, byte[]> files, String time) throws IOException {
    LocalDateTime entryTime = LocalDateTime.ofInstant(Instant.parse(time), ZoneOffset.UTC);
    Path fresh = target.resolveSibling(target.getFileName() + ".fresh");
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(entryTime);
        out.putNextEntry(entry);
        out.write(file.getValue());
        out.closeEntry();
      }
    }
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
