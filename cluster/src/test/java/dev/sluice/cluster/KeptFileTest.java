package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFileTest {
  @TempDir Path folder;

  @Test
  void whatWasKeptIsReadAgain() throws IOException {
    KeptFile file = new KeptFile(folder.resolve("kept"));
    assertEquals(Optional.empty(), file.read());
    Wire.Document first = new Wire.Document(1, "10.0.0.1:7355", 12, "{}\n");
    file.write(first);
    assertEquals(Optional.of(first), file.read());
    Wire.Document second = new Wire.Document(7, "10.0.0.2:7355", 13, "{\n\"relays\":{}}\n");
    file.write(second);
    assertEquals(Optional.of(second), file.read());
  }

  @Test
  void somethingElseIsNoKeptFile() throws IOException {
    Path path = Files.writeString(folder.resolve("kept"), "sluice { }\n");
    assertThrows(IOException.class, () -> new KeptFile(path).read());
  }
}
