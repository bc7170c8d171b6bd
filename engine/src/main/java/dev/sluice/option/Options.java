package dev.sluice.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of one address, in written order. Look-up is by row, so the value has the row's type.
 * Immutable.
 */
public final class Options {
  private static final Options NONE = new Options(List.of());

  private final List<OptionValue<?>> values;

  public Options(List<OptionValue<?>> values) {
    this.values = List.copyOf(values);
  }

  public static Options none() {
    return NONE;
  }

  /** All of them, in written order. */
  public List<OptionValue<?>> inOrder() {
    return values;
  }

  /** Whether the option was given. */
  public boolean has(Option<?> option) {
    return occurrence(option) != null;
  }

  /** The first value given, or empty; a null value counts as empty. */
  public <T> Optional<T> find(Option<T> option) {
    OptionValue<T> found = occurrence(option);
    return found == null ? Optional.empty() : Optional.ofNullable(found.value());
  }

  /** Every value given, in written order. */
  public <T> List<T> all(Option<T> option) {
    List<T> found = new ArrayList<>();
    for (OptionValue<?> value : values) {
      if (value.option() == option && value.value() != null) {
        @SuppressWarnings("unchecked") // of the same row, so of its type
        T one = (T) value.value();
        found.add(one);
      }
    }
    return found;
  }

  /** The first value given, or {@code otherwise}. */
  public <T> T get(Option<T> option, T otherwise) {
    return find(option).orElse(otherwise);
  }

  /** Whether a switch was given and is on. */
  public boolean isOn(Option<Boolean> option) {
    return get(option, false);
  }

  /** The first occurrence, or null. */
  @SuppressWarnings("unchecked")
  public <T> @Nullable OptionValue<T> occurrence(Option<T> option) {
    for (OptionValue<?> value : values) {
      if (value.option() == option) {
        return (OptionValue<T>) value;
      }
    }
    return null;
  }

  /** The options of one phase, in written order. */
  public List<OptionValue<?>> of(Phase phase) {
    List<OptionValue<?>> found = null;
    for (OptionValue<?> value : values) {
      if (value.option().phase() == phase) {
        found = found == null ? new ArrayList<>(2) : found;
        found.add(value);
      }
    }
    return found == null ? List.of() : found;
  }
}
