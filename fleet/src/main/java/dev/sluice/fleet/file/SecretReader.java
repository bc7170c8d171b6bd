package dev.sluice.fleet.file;

import com.typesafe.config.ConfigObject;
import dev.sluice.fleet.model.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the secrets of a fleet: their values come from files and variables. */
final class SecretReader {
  private final Map<String, String> environment;
  private final ProblemList problems;
  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, Origin> origins = new TreeMap<>();
  private final Map<String, ConfigObject> sections = new TreeMap<>();

  SecretReader(Map<String, String> environment, ProblemList problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /** What each secret is, by name. */
  Map<String, String> values() {
    return values;
  }

  /** Where each is defined, without its value. */
  Map<String, ConfigObject> sections() {
    return sections;
  }

  /** Reads one; null is one whose section is none, which was reported. */
  void read(String name, @Nullable Section secret) {
    if (secret == null) {
      return;
    }
    secret.allow(Set.of("file", "env"));
    sections.put(name, secret.object());
    Optional<String> file = secret.text("file");
    Optional<String> variable = secret.text("env");
    if (file.isPresent() == variable.isPresent()) {
      problems.add(secret.origin(), secret.what() + ": needs either file or env");
      return;
    }
    Origin earlier = origins.putIfAbsent(name, secret.origin());
    if (earlier != null) {
      problems.add(secret.origin(), secret.what() + " is there already, at " + earlier);
    }
    values.put(
        name,
        file.isPresent()
            ? fromFile(secret, Path.of(file.get()))
            : fromVariable(secret, variable.orElse("")));
  }

  private String fromVariable(Section secret, String name) {
    String value = environment.get(name);
    if (value == null) {
      problems.add(
          secret.origin("env"), secret.what() + ": the environment has no variable " + name);
    }
    return value == null ? "" : value;
  }

  private String fromFile(Section secret, Path file) {
    try {
      return Files.readString(file).stripTrailing();
    } catch (IOException e) {
      problems.add(
          secret.origin("file"),
          secret.what()
              + ": can't read "
              + file
              + (Files.exists(file) ? "" : ": no such file or folder"));
      return "";
    }
  }
}
