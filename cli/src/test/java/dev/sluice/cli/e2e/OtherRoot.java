package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;

/** Folders that programs take for the root of all files: chroot(2). */
final class OtherRoot {
  private OtherRoot() {}

  /** Copies programs, and the libraries that they need, into a folder. */
  static void of(Path folder, String... programs) {
    String words = String.join(" ", programs);
    String copy = "for p in %s; do cp -L --parents $p $(ldd $p | grep -o '/[^ ]*') .; done";
    Outcome copied =
        new Tool("sh", Path.of("/bin/sh")).command("-c", copy.formatted(words)).in(folder).run();
    assertEquals(0, copied.status(), copied.stderr());
  }
}
