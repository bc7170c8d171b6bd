package dev.sluice.fleet.file;

import com.typesafe.config.ConfigOrigin;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with the files of a fleet. */
final class ProblemList {
  private final List<Problem> problems = new ArrayList<>();

  void add(Origin origin, String message) {
    problems.add(new Problem(origin, message));
  }

  void add(Origin origin, String message, String hint) {
    add(origin, new dev.sluice.spec.Problem(message, hint).toString());
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  int count() {
    return problems.size();
  }

  /** By file and line, as a reader would mend them; each once. */
  List<Problem> sorted() {
    return problems.stream().distinct().sorted(Comparator.comparing(Problem::origin)).toList();
  }

  /** Where a value of a file was written. */
  static Origin origin(ConfigOrigin origin) {
    @Nullable String file = origin.filename();
    return new Origin(file == null ? origin.description() : file, Math.max(0, origin.lineNumber()));
  }
}
