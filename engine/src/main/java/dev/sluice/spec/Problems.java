package dev.sluice.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is wrong with a command line, in the order found, so that it can be reported at
 * once, before anything opens.
 */
public final class Problems {
  private final List<String> messages = new ArrayList<>();

  public void add(String message) {
    messages.add(message);
  }

  public boolean isEmpty() {
    return messages.isEmpty();
  }

  public List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public String toString() {
    return String.join("\n", messages);
  }
}
