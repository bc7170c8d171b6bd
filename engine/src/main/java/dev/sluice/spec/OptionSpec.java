package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * One option of an address as written, quoting removed.
 *
 * @param name as typed
 * @param value the text behind {@code =}, null when there is no {@code =}
 * @param rest the option list from this option to its end, as typed, for messages
 */
public record OptionSpec(String name, @Nullable String value, String rest) {
  /** {@code name=value}, or the name alone. */
  public String text() {
    return value == null ? name : name + "=" + value;
  }
}
