package dev.sluice.cli.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of this machine that tests talk to. */
final class Programs {
  private Programs() {}

  /** Where a program is, among those of users and of root. */
  static Optional<Path> find(String name) {
    String places = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
    return Stream.of(places.split(File.pathSeparator, -1))
        .filter(place -> !place.isEmpty())
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Leaves the test out, with the names, where a program is not installed. */
  static void assumeInstalled(String... names) {
    for (String name : names) {
      Assumptions.assumeTrue(find(name).isPresent(), name + " is not installed");
    }
  }
}
