package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program with socat's command line. Both are run under the name {@code socat}, so that their
 * logs and the variables they export carry the same name.
 *
 * <p>System properties: {@code sluice.root}, the checkout; {@code sluice.ours}, another program in
 * its place; {@code sluice.peer}, the socat to compare with.
 */
record Tool(String label, Path program) {

  /** The checkout: the folder of {@code mvnw}. */
  static final Path ROOT = root();

  static final Tool OURS = new Tool("ours", ours());

  /** Ours by its own name, under which it says more than socat does. */
  static final Tool SLUICE = new Tool("bin/sluice", ROOT.resolve("bin/sluice"));

  private static final Optional<Tool> PEER =
      Stream.of(System.getProperty("sluice.peer", ""), "/opt/peer/bin/socat", "/usr/bin/socat")
          .filter(path -> !path.isEmpty())
          .map(Path::of)
          .filter(Files::isExecutable)
          .map(path -> new Tool("peer", path))
          .filter(tool -> tool.command("-V").run().stdout().contains("socat version 1.8"))
          .findFirst();

  /** Debian's socat, if this machine has one of the 1.8 line; 1.7 differs in too much. */
  static Optional<Tool> peer() {
    return PEER;
  }

  boolean isOurs() {
    return equals(OURS);
  }

  /** A command of this tool, not started yet. */
  Command command(String... arguments) {
    return new Command(this, arguments);
  }

  private static Path root() {
    String given = System.getProperty("sluice.root", "");
    Path folder = Path.of(given).toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("no mvnw above " + Path.of(given).toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }

  private static Path ours() {
    String given = System.getProperty("sluice.ours", "");
    if (!given.isEmpty()) {
      return Path.of(given);
    }
    try {
      Path folder = Files.createTempDirectory("sluice-link");
      folder.toFile().deleteOnExit();
      Path link = folder.resolve("socat");
      Files.createSymbolicLink(link, ROOT.resolve("bin/sluice"));
      link.toFile().deleteOnExit();
      return link;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
