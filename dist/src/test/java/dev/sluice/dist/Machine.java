package dev.sluice.dist;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A small Debian 12 in a folder: nothing that does not belong to it is there. Made by debootstrap
 * once, and kept in the user's cache. What runs in it has a network, mounts and processes of its
 * own, which end with it.
 */
final class Machine implements AutoCloseable {
  private static final Path SCRIPT = Path.of("src/test/sh/debian-tree");

  private final Path root;

  private Machine(Path root) {
    this.root = root;
  }

  static Machine withJava() {
    return unpacked(List.of());
  }

  static Machine withoutJava() {
    return unpacked(List.of("--exclude=./usr/lib/jvm"));
  }

  private static Machine unpacked(List<String> excludes) {
    assumeTrue(Shell.isRoot(), "needs root to install into a tree of Debian");
    try {
      Path archive = archive();
      Path root = Files.createTempDirectory("sluice-machine");
      List<String> tar = new ArrayList<>(List.of("tar", "-C", root.toString(), "-xpf"));
      tar.add(archive.toString());
      tar.addAll(excludes);
      Shell.run(tar.toArray(String[]::new));
      return new Machine(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The packed tree, made anew where the script that makes it has changed. */
  private static Path archive() throws IOException {
    Path cache =
        Path.of(
            Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .orElse(System.getProperty("user.home") + "/.cache"),
            "sluice");
    Path archive =
        cache.resolve(
            "debian-%08x-%s.tar"
                .formatted(Files.readString(SCRIPT).hashCode(), System.getProperty("os.arch")));
    if (!Files.exists(archive)) {
      assumeTrue(hasDebootstrap(), "needs debootstrap to make a tree of Debian");
      Files.createDirectories(cache);
      try {
        Shell.run(SCRIPT.toString(), archive.toString());
      } catch (AssertionError e) {
        assumeTrue(false, "a tree of Debian cannot be made here: " + e.getMessage());
      }
    }
    return archive;
  }

  private static boolean hasDebootstrap() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "debootstrap")));
  }

  /** The folder that is its root. */
  Path root() {
    return root;
  }

  /** Has it find a file in its /root. */
  void give(Path file) throws IOException {
    Files.copy(file, root.resolve("root").resolve(file.getFileName()));
  }

  /** Runs lines of bash as root in its folder /root; their output. Fails as soon as one fails. */
  String run(String script) {
    return Shell.run(
        0,
        Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        List.of(
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "bash",
            "-ec",
            "ip link set lo up; mount -t proc proc \"$0/proc\";"
                + " exec chroot \"$0\" env HOME=/root LC_ALL=C bash -ec \"cd; $1\"",
            root.toString(),
            script));
  }

  /** The path of everything in it. */
  List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return List.copyOf(new TreeSet<>(all.map(root::relativize).map(Path::toString).toList()));
    }
  }

  @Override
  public void close() {
    Shell.run("rm", "-rf", "--one-file-system", root.toString());
  }
}
