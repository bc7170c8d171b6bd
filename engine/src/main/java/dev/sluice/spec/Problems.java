package dev.sluice.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything that is wrong with a command line, in the order found, so that it can be reported at
 * once, before anything opens.
 */
public final class Problems {
  private final List<Problem> all = new ArrayList<>();

  /** Something that there is no hint for. */
  public void add(String message) {
    add(message, "");
  }

  /**
   * Something that is wrong.
   *
   * @param hint what may help; empty when nothing is known
   */
  public void add(String message, String hint) {
    all.add(new Problem(message, hint));
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  public int count() {
    return all.size();
  }

  public List<Problem> all() {
    return List.copyOf(all);
  }

  /** One line for each, with its hint. */
  public List<String> messages() {
    return all.stream().map(Problem::toString).toList();
  }

  @Override
  public String toString() {
    return all.stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }
}
